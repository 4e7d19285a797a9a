import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after } from 'mocha';

/** The server that the recorded function called; ends with the suite. Returns its host and port. */
export async function startRecordedServer(): Promise<string> {
  const server = createServer((request, response) => {
    const isEmpty = request.url === '//empty';
    const body = `body of ${request.method} ${request.url}`;
    response.sendDate = false;
    response.shouldKeepAlive = true;
    response.removeHeader('Connection');
    response.setHeader('Date', 'Thu, 01 Jan 1970 00:00:00 GMT');
    if (!isEmpty) response.setHeader('X-Multi', ['a', 'b']);
    if (isEmpty) response.writeHead(204).end();
    else if (request.method === 'HEAD') response.end();
    else response.setHeader('Content-Length', body.length).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The source with the address of `server`, and one where nobody listens, for those of the recording. */
export const atRecordedServer = (source: string, server: string) =>
  source.replaceAll('127.0.0.1:18324', server).replaceAll('127.0.0.1:18325', '127.0.0.1:1');
