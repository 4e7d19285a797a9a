import { asText } from './asText.ts';
import { createSearchParams } from './searchParams.ts';
import { tag } from './tag.ts';
import { settableUrlParts } from './urlParts.ts';
import type { WebHost } from './webHost.ts';

type Part = (typeof settableUrlParts)[number] | 'origin';
type Parts = Record<Part, string>;

/** `URL` and `URLSearchParams`. The agent's own parser does the parsing, so that no other has to come along. */
export function createUrlClasses(host: WebHost) {
  const { URLSearchParams, onChange, read: readQuery } = createSearchParams(host);
  type Params = InstanceType<typeof URLSearchParams>;
  const paramsOf = new WeakMap<URL, Params>();
  const partsOf = new WeakMap<URL, Parts>();
  const { parse } = JSON;

  const parsed = (url: unknown, base: unknown): Parts | undefined => {
    const args = base === undefined ? [asText(url)] : [asText(url), asText(base)];
    return read(host('parseUrl', ...args));
  };
  const read = (parts: unknown) =>
    parts === undefined ? undefined : (parse(asText(parts)) as Parts);
  const required = (parts: Parts | undefined): Parts => {
    if (parts === undefined) throw new TypeError('Invalid URL');
    return parts;
  };
  const partOf = (url: URL, part: Part) => required(partsOf.get(url))[part];
  const change = (url: URL, part: Part, value: string) =>
    partsOf.set(url, required(read(host('changeUrl', partOf(url, 'href'), part, value))));

  class URL {
    constructor(url: unknown, base?: unknown) {
      partsOf.set(this, required(parsed(url, base)));
    }

    get searchParams(): Params {
      const known = paramsOf.get(this);
      if (known !== undefined) return known;
      const params = new URLSearchParams(partOf(this, 'search'));
      paramsOf.set(this, params);
      onChange(params, (query) => change(this, 'search', query));
      return params;
    }

    toString(): string {
      return partOf(this, 'href');
    }

    toJSON(): string {
      return partOf(this, 'href');
    }

    static canParse(url: unknown, base?: unknown): boolean {
      return parsed(url, base) !== undefined;
    }

    static parse(url: unknown, base?: unknown): URL | null {
      return URL.canParse(url, base) ? new URL(url, base) : null;
    }
  }

  const readOnly = (part: Part): PropertyDescriptor & ThisType<URL> => ({
    configurable: true,
    enumerable: true,
    get() {
      return partOf(this, part);
    },
  });
  const accessor = (part: Part): PropertyDescriptor & ThisType<URL> => ({
    ...readOnly(part),
    set(value: unknown) {
      change(this, part, asText(value));
      const params = paramsOf.get(this);
      if (params !== undefined) readQuery(params, partOf(this, 'search'));
    },
  });
  Object.defineProperty(URL.prototype, 'origin', readOnly('origin'));
  for (const part of settableUrlParts) Object.defineProperty(URL.prototype, part, accessor(part));
  tag('URL', URL.prototype);
  return { URL, URLSearchParams };
}
