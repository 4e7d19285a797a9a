import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { useNativeHashes } from '../runtime/protocol/nativeHashes.ts';
import { NexDebugSession, createNodeTargets } from './nexDebugSession.ts';
import { takeLogin } from './takeLogin.ts';

/**
 * The debug adapter: DAP on stdin and stdout, or with `--port N` one session per connection to 127.0.0.1.
 */
function main(): void {
  // stdout carries protocol frames and nothing else, whatever a library has to say.
  console.log = console.error;
  console.info = console.error;
  useNativeHashes();
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  if (values.port === undefined) {
    serveStdio(takeLogin(process.env));
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(`"${values.port}" is no port. Give a number from 0 to 65535.\n`);
    process.exitCode = 2;
    return;
  }
  serveConnections(port);
}

function serveStdio(login: object): void {
  const end = () => {
    // Not before the last response is out: pipes are asynchronous on Windows.
    process.stdout.write('', () => process.exit());
  };
  const session = new NexDebugSession(end, createNodeTargets(login));
  session.start(process.stdin, process.stdout);
}

function serveConnections(port: number): void {
  const server = createServer((socket) => {
    const session = new NexDebugSession(() => socket.destroy());
    session.start(socket, socket);
  });
  server.on('error', ({ message }) => {
    process.stderr.write(`The debug adapter cannot listen: ${message}\n`);
    process.exitCode = 1;
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') {
      process.stderr.write(`The debug adapter listens on 127.0.0.1:${address?.port ?? port}\n`);
    }
  });
}

main();
