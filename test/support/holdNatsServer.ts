import { startNatsServer } from '../../runtime/nats-server/startNatsServer.ts';

/** A process that starts a server in the directory of its argument, says where it is, and waits to be killed. */
const storeDirectory = process.argv[2] ?? '';
const { url, port, pid, exited } = await startNatsServer({ port: 0, storeDirectory });
console.log(JSON.stringify({ url, port, pid }));
await exited;
