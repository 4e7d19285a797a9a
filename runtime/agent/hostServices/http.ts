import type { LogLevel } from '../../protocol/logs.ts';
import {
  HostServiceError,
  bytesArgument,
  jsonResult,
  nameArgument,
  type HostCall,
  type HostService,
} from './hostService.ts';

/** Time in ms that one request may take, redirects included (`host-services/builtins/http.go`). */
const requestMs = 2500;

/** Headers that Nex's client sends and a function cannot change. */
const requestHeaders = {
  accept: '*',
  'accept-language': 'en-us',
  'user-agent': 'Go-http-client/1.1',
};

/**
 * `http.*`: any status is a success. Query strings and bytes above 0x7F arrive as given; the real node drops the one
 * and doubles the other.
 */
export function createHttpService(log: (level: LogLevel, text: string) => void): HostService {
  return async (call) => {
    const url = parseUrl(nameArgument(call, 0));
    const body = call.args.length > 1 ? bytesArgument(call, 1) : undefined;
    try {
      const response = await fetch(url, {
        method: call.method.toUpperCase(),
        headers: {
          ...requestHeaders,
          ...(bodied.has(call.method) ? { 'content-type': 'text/plain' } : {}),
        },
        ...(bodied.has(call.method) ? { body: body ?? new Uint8Array() } : {}),
        signal: AbortSignal.timeout(Math.max(1, Math.min(requestMs, call.remainingMs))),
      });
      const text = await response.text();
      log(
        'DEBUG',
        `received ${text.length}-byte response (${response.status} status) for http ${call.method} request`,
      );
      return jsonResult({
        status: response.status,
        headers: canonicalHeaders(response.headers),
        ...(text === '' ? {} : { response: text }),
      });
    } catch (error) {
      throw requestError(call, url, error);
    }
  };
}

const bodied = new Set(['post', 'put', 'patch']);

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new HostServiceThrow(`parse "${text}": invalid URL`);
  const url = new URL(text);
  url.hash = '';
  return url;
}

/** Nex throws the URL parser's bare text, without `Error:` and code. */
class HostServiceThrow extends Error {}

/** Go's canonical form: `content-type` becomes `Content-Type`. */
function canonicalHeaders(headers: Headers): Record<string, string> {
  const entries = [...headers].map(([name, value]) => [
    name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
    value.trimEnd(),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The fixed texts of Nex, its misspelling included. */
function requestError(call: HostCall, url: URL, error: unknown): HostServiceError {
  const method = call.method.replace(/^./, (first) => first.toUpperCase());
  const text = `${method} "${url.href}": ${causeOf(error)}`;
  switch (call.method) {
    case 'get':
      return new HostServiceError(text, 500);
    case 'post':
      return new HostServiceError(`http reqeust failed: ${text}`, 500);
    default:
      return new HostServiceError('http request failed', 500, text);
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') {
    return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
  }
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}
