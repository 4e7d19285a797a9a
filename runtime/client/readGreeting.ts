import { connect } from 'node:net';
import { serverAddress } from '../protocol/serverAddress.ts';

const greetingMs = 1000;

/** What the server at a URL says to who says nothing; the client library tells nothing of an error in it. */
export function readGreeting(url: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(serverAddress(url));
    let text = '';
    const finish = () => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(greetingMs, finish).on('error', finish).on('close', finish);
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  });
}
