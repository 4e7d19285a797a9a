import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { gunzipSync } from 'node:zlib';
import { errorText } from '../../protocol/nexError.ts';
import { goQuote } from './goQuote.ts';
import { goText } from './goText.ts';
import { parseGoUrl } from './goUrl.ts';
import { isPrivateAddress } from './privateAddress.ts';

export interface GoRequest {
  /** Upper case. */
  readonly method: string;
  readonly url: URL;
  /** The URL as Go writes it in its errors. */
  readonly address: string;
  /** Request target as it is sent. */
  readonly path: string;
  readonly body: Uint8Array | undefined;
  /** Throws where an address must not be reached; redirects are checked too. */
  readonly check: (url: URL) => void;
}

export interface GoResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** What Nex's client sends and a function cannot change (`internal/node/services/util/httpclient.go`), in Go's order. */
const requestHeaders = (url: URL, body: Uint8Array | undefined, referer: string | undefined) => ({
  Host: url.host,
  'User-Agent': 'Go-http-client/1.1',
  ...(body === undefined ? {} : { 'Content-Length': body.length }),
  Accept: '*',
  'Accept-Encoding': 'gzip, deflate',
  'Accept-Language': 'en-us',
  ...(body === undefined ? {} : { 'Content-Type': 'text/plain' }),
  ...(referer === undefined ? {} : { Referer: referer }),
});

/** Sends a request as Nex's Go client does, following up to 10 redirects. Rejects with what Go would say. */
export async function sendGoRequest(
  request: GoRequest,
  signal: AbortSignal,
  referer?: string,
  hops = 0,
): Promise<GoResponse> {
  const { url, address } = request;
  const incoming = await exchange(request, signal, referer).catch((error: unknown) => {
    throw new RequestError(address, error);
  });
  const body = await bodyOf(incoming, signal);
  const next = redirectOf(request, incoming);
  if (next === undefined) {
    return {
      status: incoming.statusCode ?? 0,
      headers: headersOf(incoming),
      body: unpacked(body, incoming),
    };
  }
  if (hops === mostRedirects) {
    const error = new Error(`stopped after ${mostRedirects} redirects`);
    throw new RequestError(incoming.headers.location ?? '', error);
  }
  return sendGoRequest(
    next,
    signal,
    url.protocol === 'https:' && next.url.protocol === 'http:' ? undefined : url.href,
    hops + 1,
  );
}

/** A request failed, perhaps one that a redirect asked for: Go's message names the address of that. */
export class RequestError extends Error {
  readonly address: string;

  constructor(address: string, cause: unknown) {
    super('the request failed', { cause });
    this.address = address;
  }
}

/** Fails in bare words: the response had begun. */
async function bodyOf(incoming: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  try {
    return Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  } catch (cause) {
    const late =
      'context deadline exceeded (Client.Timeout or context cancellation while reading body)';
    throw new Error(signal.aborted ? late : 'unexpected EOF', { cause });
  }
}

const mostRedirects = 10;

async function exchange(
  { method, url, path, body, check }: GoRequest,
  signal: AbortSignal,
  referer: string | undefined,
): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`unsupported protocol scheme "${url.protocol.slice(0, -1)}"`);
  }
  check(url);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method,
      path,
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port,
      agent: false,
      signal,
      // Nex does not verify the certificate of a private address.
      rejectUnauthorized: !isPrivateAddress(url.hostname),
      headers: requestHeaders(url, body, referer),
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function redirectOf(request: GoRequest, { statusCode = 0, headers }: IncomingMessage) {
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  if (!isRedirect || headers.location === undefined) return undefined;
  const url = located(headers.location, request);
  const address = url.href;
  const path = url.pathname + url.search;
  const keeps = statusCode >= 307 || request.method === 'GET' || request.method === 'HEAD';
  return keeps
    ? { ...request, url, address, path }
    : { ...request, method: 'GET', url, address, path, body: undefined };
}

function located(location: string, { url, address }: GoRequest): URL {
  try {
    parseGoUrl(location);
    return new URL(location, url);
  } catch (error) {
    const text = `failed to parse Location header ${goQuote(location)}: ${errorText(error)}`;
    throw new RequestError(address, new Error(text));
  }
}

/** Go's canonical names, several values joined. What is about the connection is not among them. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = canonical(rawHeaders[index] ?? '');
    const value = goText(Buffer.from(rawHeaders[index + 1] ?? '', 'latin1'));
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  if (/(?:^|,)\s*close\s*(?:,|$)/i.test(headers['Connection'] ?? '')) delete headers['Connection'];
  if (headers['Transfer-Encoding'] !== undefined) delete headers['Trailer'];
  delete headers['Transfer-Encoding'];
  if (headers['Pragma'] === 'no-cache') headers['Cache-Control'] ??= 'no-cache';
  for (const [name, value] of Object.entries(headers)) headers[name] = value.trimEnd();
  return headers;
}

const canonical = (name: string) =>
  name.toLowerCase().replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());

/** gzip is unpacked, deflate is not. */
const unpacked = (body: Buffer, { headers }: IncomingMessage): Uint8Array =>
  headers['content-encoding'] === 'gzip' && body.length > 0 ? gunzipSync(body) : body;
