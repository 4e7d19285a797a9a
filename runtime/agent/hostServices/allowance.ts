import { readOnlySuffix, type Allow } from '../../protocol/allow.ts';

export type BucketService = 'kv' | 'objectStore';

/** What a function may reach; a refusal is a sentence without its full stop. */
export class Allowance {
  readonly #allow: Allow;

  constructor(allow: Allow) {
    this.#allow = allow;
  }

  bucketRefusal(service: BucketService, name: string, isWrite: boolean): string | undefined {
    const entries = this.#allow[service];
    if (entries === undefined) return undefined;
    const patterns = entries.map((entry) => entry.replace(readOnlySuffix, ''));
    if (!patterns.some((pattern) => matchesName(pattern, name))) {
      return refusal(`${service} bucket ${name}`, entries);
    }
    if (!isWrite || this.mayWrite(service, name)) return undefined;
    return `this workload may only read ${service} bucket ${name}`;
  }

  mayWrite(service: BucketService, name: string): boolean {
    const entries = this.#allow[service];
    if (entries === undefined) return true;
    return entries.some((entry) => !entry.endsWith(readOnlySuffix) && matchesName(entry, name));
  }

  subjectRefusal(subject: string): string | undefined {
    const entries = this.#subjects;
    if (entries === undefined || entries.some((entry) => matchesSubject(entry, subject))) {
      return undefined;
    }
    return refusal(`subject ${subject}`, entries);
  }

  hostRefusal(url: URL): string | undefined {
    const entries = this.#allow.http;
    if (entries === undefined || entries.some((entry) => matchesHost(entry, url))) return undefined;
    return refusal(`host ${url.host}`, entries);
  }

  /** Buckets can be reached by subjects too: where they are limited, those have to be named. */
  get #subjects(): readonly string[] | undefined {
    const { kv, objectStore, messaging } = this.#allow;
    if (messaging !== undefined) return messaging;
    return kv === undefined && objectStore === undefined ? undefined : ['>'];
  }
}

const refusal = (what: string, entries: readonly string[]) =>
  `${what} is not allowed to this workload, which has ${entries.length === 0 ? 'none' : entries.join(', ')}`;

const matchesName = (pattern: string, name: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);

/** A wildcard at the beginning does not reach what belongs to the server, whose subjects begin with `$`. */
function matchesSubject(pattern: string, subject: string): boolean {
  const tokens = subject.split('.');
  if (subject.startsWith('$') && /^[*>]/.test(pattern)) return false;
  const wanted = pattern.split('.');
  const isOpen = wanted.at(-1) === '>';
  if (isOpen ? tokens.length < wanted.length : tokens.length !== wanted.length) return false;
  return wanted.every((token, index) => ['*', '>', tokens[index]].includes(token));
}

function matchesHost(pattern: string, { protocol, hostname, port }: URL): boolean {
  const [, host = '', wantedPort] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  const actualPort = port === '' ? defaultPorts[protocol] : port;
  if (wantedPort !== undefined && wantedPort !== actualPort) return false;
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (host === '*') return true;
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
