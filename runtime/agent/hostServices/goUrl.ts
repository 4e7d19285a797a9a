import { isIPv6 } from 'node:net';
import { goQuote } from './goQuote.ts';

/** A URL as Go's `net/url` takes it apart, as far as Nex uses it. */
export interface GoUrl {
  readonly scheme: string;
  /** Percent-decoded, with its port and without user info. */
  readonly host: string;
  readonly escapedHost: string;
  /** Percent-decoded. */
  readonly path: string;
  readonly escapedPath: string;
  /** Without its question mark. */
  readonly query: string;
}

/** The parser's bare text, as a function sees it thrown. */
export class GoUrlError extends Error {}

/** `url.Parse`; throws a GoUrlError in Go's words. */
export function parseGoUrl(text: string): GoUrl {
  const [withoutFragment = ''] = text.split('#', 1);
  try {
    return parse(withoutFragment);
  } catch (error) {
    if (!(error instanceof GoUrlError)) throw error;
    throw new GoUrlError(`parse ${goQuote(withoutFragment)}: ${error.message}`);
  }
}

function parse(text: string): GoUrl {
  // eslint-disable-next-line no-control-regex -- those are what is refused
  if (/[\x00-\x1f\x7f]/.test(text)) fail('net/url: invalid control character in URL');
  const [, scheme = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):)?(.*)$/is.exec(text) ?? [];
  if (rest.startsWith(':') && scheme === '') fail('missing protocol scheme');
  const [hierarchy = '', ...queries] = rest.split('?');
  const query = queries.join('?');
  const lower = scheme.toLowerCase();
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '')
      return { scheme: lower, host: '', escapedHost: '', path: '', escapedPath: '', query };
    const [segment = ''] = hierarchy.split('/', 1);
    if (segment.includes(':')) fail('first path segment in URL cannot contain colon');
  }
  const hasAuthority =
    hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'));
  const end = hasAuthority ? hierarchy.indexOf('/', 2) : 0;
  const authority = hasAuthority ? hierarchy.slice(2, end === -1 ? undefined : end) : '';
  const rawPath = end === -1 ? '' : hierarchy.slice(end);
  const host = hostOf(authority);
  const path = unescaped(rawPath);
  return {
    scheme: lower,
    host,
    escapedHost: escape(host, hostCharacter),
    path,
    escapedPath: escaped(rawPath, path),
    query,
  };
}

function fail(text: string): never {
  throw new GoUrlError(text);
}

function unescaped(raw: string): string {
  const bad = /%(?![0-9a-f]{2}).{0,2}/is.exec(raw);
  if (bad !== null) fail(`invalid URL escape ${goQuote(bad[0])}`);
  const bytes = Buffer.from(raw, 'utf8').toString('latin1');
  const decoded = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

/** `EscapedPath`: as it was written where that is valid. */
const escaped = (raw: string, path: string): string =>
  /^(?:[\w.~!$&'()*+,;=:@/[\]-]|%[0-9a-f]{2})*$/i.test(raw) ? raw : escape(path, pathCharacter);

const pathCharacter = /[\w.~$&+,/:;=@-]/;
const hostCharacter = /[\w.~!$&'()*+,;=:[\]<>"-]/;

const escape = (text: string, allowed: RegExp) =>
  Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    return allowed.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');

function hostOf(authority: string): string {
  const at = authority.lastIndexOf('@');
  const raw = authority.slice(at + 1);
  checkPort(raw);
  // Only what is not ASCII may be escaped in a host.
  const bad = /%(?![89a-f][0-9a-f]|25).{0,2}/is.exec(raw);
  if (bad !== null) fail(`invalid URL escape ${goQuote(bad[0])}`);
  const invalid = /[ \\^`{|}]/.exec(raw);
  if (invalid !== null) fail(`invalid character ${goQuote(invalid[0])} in host name`);
  if (at !== -1) checkUser(authority.slice(0, at));
  return unescaped(raw);
}

function checkPort(host: string): void {
  const isLiteral = host.startsWith('[');
  const end = host.lastIndexOf(']');
  if (isLiteral && end === -1) fail("missing ']' in host");
  const colon = host.indexOf(':');
  const port = isLiteral ? host.slice(end + 1) : colon === -1 ? '' : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) fail(`invalid port ${goQuote(port)} after host`);
  if (isLiteral && !isIPv6(host.slice(1, end))) fail('invalid IP-literal');
}

function checkUser(user: string): void {
  if (!/^[\w.~!$&'()*+,;=:%@-]*$/.test(user)) fail('net/url: invalid userinfo');
  unescaped(user);
}
