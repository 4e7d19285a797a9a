import { domainToASCII } from 'node:url';

/** A URL as Go's `net/url` takes it apart, as far as Nex uses it. */
export interface GoUrl {
  readonly scheme: string;
  /** With its port. */
  readonly host: string;
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
    throw new GoUrlError(`parse ${JSON.stringify(withoutFragment)}: ${error.message}`);
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
    if (scheme !== '') return { scheme: lower, host: '', path: '', escapedPath: '', query };
    const [segment = ''] = hierarchy.split('/', 1);
    if (segment.includes(':')) fail('first path segment in URL cannot contain colon');
  }
  const hasAuthority =
    hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'));
  const end = hasAuthority ? hierarchy.indexOf('/', 2) : 0;
  const authority = hasAuthority ? hierarchy.slice(2, end === -1 ? undefined : end) : '';
  const rawPath = end === -1 ? '' : hierarchy.slice(end);
  const path = unescapePath(rawPath);
  return {
    scheme: lower,
    host: hostOf(authority),
    path,
    escapedPath: escaped(rawPath, path),
    query,
  };
}

function fail(text: string): never {
  throw new GoUrlError(text);
}

function unescapePath(raw: string): string {
  const bad = /%(?![0-9a-f]{2}).{0,2}/is.exec(raw);
  if (bad !== null) fail(`invalid URL escape ${JSON.stringify(bad[0])}`);
  const bytes = Buffer.from(raw, 'utf8').toString('latin1');
  const decoded = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString('utf8');
}

/** `EscapedPath`: as it was written where that is valid. */
function escaped(raw: string, path: string): string {
  return /^(?:[\w.~!$&'()*+,;=:@/[\]-]|%[0-9a-f]{2})*$/i.test(raw) ? raw : escapePath(path);
}

const escapePath = (path: string) =>
  Array.from(Buffer.from(path, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[\w.~$&+,/:;=@-]/.test(character)) return character;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');

/** Without user info. */
function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const port = /^(?:\[.*\])?[^[\]]*?(:[^:\]]*)?$/.exec(host)?.[1] ?? '';
  if (!/^(?::\d*)?$/.test(port)) fail(`invalid port ${JSON.stringify(port)} after host`);
  const invalid = /[ \\^`{|}]/.exec(host);
  if (invalid !== null) fail(`invalid character ${JSON.stringify(invalid[0])} in host name`);
  // eslint-disable-next-line no-control-regex -- what is not ASCII goes as Punycode
  if (/^[\x00-\x7f]*$/.test(host)) return host;
  return domainToASCII(host.slice(0, host.length - port.length)) + port;
}
