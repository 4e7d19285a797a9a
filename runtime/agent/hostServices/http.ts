import { getServers } from 'node:dns';
import { isIPv6 } from 'node:net';
import type { LogLevel } from '../../protocol/logs.ts';
import { errorText } from '../../protocol/nexError.ts';
import type { Mode } from '../../protocol/workloadTypes.ts';
import { RequestError, sendGoRequest, type GoRequest } from './goHttpClient.ts';
import { goText } from './goText.ts';
import { GoUrlError, parseGoUrl, type GoUrl } from './goUrl.ts';
import {
  HostServiceError,
  bytesArgument,
  jsonResult,
  withoutAnswer,
  type HostCall,
  type HostService,
} from './hostService.ts';

/** Time in ms that one request may take, redirects included (`host-services/builtins/http.go`). */
const requestMs = 2500;
/** Bytes of a response that the real node can pass on to its agent. */
const mostResponseBytes = 1_048_576;

type Log = (level: LogLevel, text: string) => void;

/**
 * `http.*`: any status is a success. In `faithful` address and body arrive as given; the real node, and `strict`, drop
 * the query string, double the first slash of the path and decode it once.
 */
export function createHttpService(mode: Mode, log: Log, check: (url: URL) => void): HostService {
  return async (call) => {
    const url = parsed(String(call.args[0]), log);
    try {
      const target = mode === 'strict' ? realTarget(url) : givenTarget(url);
      const signal = AbortSignal.timeout(
        Math.ceil(Math.max(1, Math.min(requestMs, call.remainingMs))),
      );
      const { status, headers, body } = await sendGoRequest(requestOf(call, target, check), signal);
      if (mode === 'strict' && body.length > mostResponseBytes) return await withoutAnswer(call);
      const text = goText(body);
      const level = mode === 'strict' ? 'INFO' : 'DEBUG';
      log(
        level,
        `received ${body.length}-byte response (${status} status) for http ${call.method} request`,
      );
      return jsonResult({ status, headers, ...(text === '' ? {} : { response: text }) });
    } catch (error) {
      throw requestError(call, error);
    }
  };
}

function parsed(text: string, log: Log): GoUrl {
  try {
    return parseGoUrl(text);
  } catch (error) {
    if (error instanceof GoUrlError) log('ERROR', `failed to parse url: ${error.message}`);
    throw error;
  }
}

interface Target {
  /** As Go writes it in its errors. */
  readonly href: string;
  readonly path: string;
}

const givenTarget = (url: GoUrl): Target => {
  const { scheme, escapedHost, escapedPath, query } = url;
  const path = `${escapedPath === '' ? '/' : escapedPath}${query === '' ? '' : `?${query}`}`;
  // Only what has both can be sent; what has not fails as on the real node.
  if (scheme === '') return realTarget({ ...url, path: escapedPath });
  return { href: `${scheme}://${escapedHost}${path}`, path };
};

/** `buildURL` of Nex's client puts a slash before a decoded path that has one, and parses that once more. */
const realTarget = ({ scheme, host, path }: GoUrl): Target => {
  const again = parseGoUrl(`${scheme}://${host}/${path}`);
  const query = again.query === '' ? '' : `?${again.query}`;
  return {
    href: `${again.scheme}://${again.escapedHost}${again.escapedPath}${query}`,
    path: `${again.escapedPath}${query}`,
  };
};

const bodied = new Set(['post', 'put', 'patch']);

function requestOf(call: HostCall, { href, path }: Target, check: (url: URL) => void): GoRequest {
  const body = call.args.length > 1 ? bytesArgument(call, 1) : new Uint8Array();
  if (!URL.canParse(href)) throw new RequestError(href, new Error(unsendable(href)));
  return {
    method: call.method.toUpperCase(),
    url: new URL(href),
    address: href,
    path,
    body: bodied.has(call.method) ? body : undefined,
    check,
  };
}

function unsendable(href: string): string {
  const [, port = ''] = /^https?:\/\/[^/]*:(\d+)(?:\/|$)/.exec(href) ?? [];
  return Number(port) > highestPort
    ? `dial tcp: address ${port}: invalid port`
    : 'http: no Host in request URL';
}

const highestPort = 65_535;

/** The fixed texts of Nex, its misspelling included. */
function requestError(call: HostCall, error: unknown): Error {
  if (error instanceof HostServiceError) return error;
  if (error instanceof RequestError && error.cause instanceof HostServiceError) return error.cause;
  const method = call.method.replace(/^./, (first) => first.toUpperCase());
  const text =
    error instanceof RequestError
      ? `${method} "${error.address}": ${causeOf(error.cause)}`
      : errorText(error);
  switch (call.method) {
    case 'get':
      return new HostServiceError(text, 500);
    case 'post':
      return new HostServiceError(`http reqeust failed: ${text}`, 500);
    default:
      return new HostServiceError('http request failed', 500, text);
  }
}

/** What Go says of the common failures of a connection. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  }
  const { code, address, port, hostname } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
    hostname?: string;
  };
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${port}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${hostname} on ${nameServer()}: no such host`;
  if (code === 'ECONNRESET') return 'EOF';
  if (code !== undefined && unknownAuthority.has(code)) {
    return 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  }
  return error.message;
}

/** OpenSSL's codes for a certificate whose issuer nobody vouches for. */
const unknownAuthority = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function nameServer(): string {
  const [server = '127.0.0.1'] = getServers();
  if (isIPv6(server)) return `[${server}]:53`;
  return server.includes(':') ? server : `${server}:53`;
}
