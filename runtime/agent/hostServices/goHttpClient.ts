import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface GoRequest {
  /** Upper case. */
  readonly method: string;
  readonly url: URL;
  /** Request target as it is sent. */
  readonly path: string;
  readonly body: Uint8Array | undefined;
}

export interface GoResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Headers that Nex's client sends and a function cannot change (`internal/node/services/util/httpclient.go`). */
const requestHeaders = {
  Accept: '*',
  'Accept-Encoding': 'gzip, deflate',
  'Accept-Language': 'en-us',
  'User-Agent': 'Go-http-client/1.1',
};

/** Sends a request as Nex's Go client does, following up to 10 redirects. Rejects with what Go would say. */
export async function sendGoRequest(
  request: GoRequest,
  signal: AbortSignal,
  referer?: string,
  hops = 0,
): Promise<GoResponse> {
  const { url, method } = request;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`unsupported protocol scheme "${url.protocol.slice(0, -1)}"`);
  }
  const incoming = await exchange(request, signal, referer);
  const body = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  const next = redirectOf(request, incoming);
  if (next === undefined) {
    return {
      status: incoming.statusCode ?? 0,
      headers: headersOf(incoming),
      body: unpacked(body, incoming),
    };
  }
  if (hops === mostRedirects) throw new RedirectError(next.path, method);
  return sendGoRequest(
    next,
    signal,
    url.protocol === 'https:' && next.url.protocol === 'http:' ? undefined : url.href,
    hops + 1,
  );
}

/** More redirects than Go follows; its message names the last address. */
export class RedirectError extends Error {
  readonly location: string;

  constructor(location: string, method: string) {
    super(`stopped after ${mostRedirects} redirects`);
    this.location = location;
    this.name = method;
  }
}

const mostRedirects = 10;

function exchange(
  { method, url, path, body }: GoRequest,
  signal: AbortSignal,
  referer: string | undefined,
): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method,
      path,
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      agent: false,
      signal,
      rejectUnauthorized: !isPrivate(url.hostname),
      headers: {
        ...requestHeaders,
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'text/plain', 'Content-Length': body.length }),
        ...(referer === undefined ? {} : { Referer: referer }),
      },
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Nex does not verify the certificate of a private address. */
const isPrivate = (host: string) =>
  isIP(host) === 4 && /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host);

function redirectOf(request: GoRequest, { statusCode = 0, headers }: IncomingMessage) {
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  if (!isRedirect || headers.location === undefined) return undefined;
  const url = new URL(headers.location, request.url);
  const path = url.pathname + url.search;
  const keeps = statusCode >= 307 || request.method === 'GET' || request.method === 'HEAD';
  return keeps ? { ...request, url, path } : { method: 'GET', url, path, body: undefined };
}

/** Go's canonical names, several values joined; `Transfer-Encoding` is not among them. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = canonical(rawHeaders[index] ?? '');
    const value = rawHeaders[index + 1] ?? '';
    if (name === 'Transfer-Encoding') continue;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  for (const [name, value] of Object.entries(headers)) headers[name] = value.trimEnd();
  return headers;
}

const canonical = (name: string) =>
  name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/** gzip is unpacked, deflate is not. */
const unpacked = (body: Buffer, { headers }: IncomingMessage): Uint8Array =>
  headers['content-encoding'] === 'gzip' && body.length > 0 ? gunzipSync(body) : body;
