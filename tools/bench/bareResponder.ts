/** The baseline: an echo over nats.js and nothing else. `node bareResponder.ts URL`; says `ready` to its parent. */
import { connect } from '@nats-io/transport-node';

const connection = await connect({ servers: process.argv[2] ?? '' });
connection.subscribe('bench.bare', {
  callback: (error, message) => {
    if (error === null) message.respond(message.data);
  },
});
await connection.flush();
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
