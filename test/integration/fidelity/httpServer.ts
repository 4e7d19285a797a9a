import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { after } from 'mocha';

/** A server that answers with method, target and body (hex) of what it got; some paths do more. Returns its address. */
export async function startTellingServer(): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
  response.setHeader('X-Multi', ['a', 'b']);
  const path = (request.url ?? '').replace(/^\/+/, '');
  switch (path) {
    case 'headers': {
      const sorted = Object.entries(request.headers)
        .filter(([name]) => name !== 'host')
        .sort(([one], [other]) => one.localeCompare(other));
      response.end(JSON.stringify(Object.fromEntries(sorted)));
      return;
    }
    case 'order':
      response.end(request.rawHeaders.filter((_, index) => index % 2 === 0).join());
      return;
    case 'gzip':
      response.setHeader('Content-Encoding', 'gzip').end(gzipSync('packed'));
      return;
    case 'deflate':
      response.setHeader('Content-Encoding', 'deflate').end('packed');
      return;
    case 'redirect':
      response.writeHead(302, { Location: '/referer' }).end();
      return;
    case 'referer':
      response.end(request.headers.referer);
      return;
    case 'loop':
      response.writeHead(302, { Location: '/loop' }).end();
      return;
    case 'closed':
      request.socket.destroy();
      return;
    case 'broken':
      response.setHeader('Content-Length', 9).write('begun');
      request.socket.end();
      return;
    case 'late':
      return;
    case 'large':
      response.end('x'.repeat(2 ** 20 + 1));
      return;
    case 'invalid':
      response.end(Buffer.from([97, 0xe2, 0x82, 98]));
      return;
    case 'empty':
      response.writeHead(204).end();
      return;
    case 'teapot':
      response.writeHead(418).end('no');
      return;
    default:
      response.end(`${request.method} ${request.url} ${body.toString('hex')}`);
  }
}
