import { connect } from 'node:net';

const greetingMs = 1000;

/** What the server at a URL says to who says nothing; the client library tells nothing of an error in it. */
export function readGreeting(url: string): Promise<string> {
  const { hostname, port } = new URL(url.includes('://') ? url : `nats://${url}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || '4222') });
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(greetingMs, finish).on('error', finish).on('close', finish);
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  });
}
