import { asText } from './asText.ts';
import { tag } from './tag.ts';
import type { WebHost } from './webHost.ts';

type Pair = [name: string, value: string];

/** `URLSearchParams`, and what a URL needs to keep its own in step. */
export function createSearchParams(host: WebHost) {
  const { parse, stringify } = JSON;
  const listeners = new WeakMap<object, (query: string) => void>();
  const allPairs = new WeakMap<object, Pair[]>();
  const pairsIn = (params: object) => allPairs.get(params) ?? [];

  const parseQuery = (text: string) => parse(asText(host('parseQuery', text))) as Pair[];
  const writeQuery = (pairs: readonly Pair[]) => asText(host('writeQuery', stringify(pairs)));

  class URLSearchParams {
    constructor(init: unknown = '') {
      allPairs.set(this, pairsOf(init, parseQuery));
    }

    get size(): number {
      return pairsIn(this).length;
    }

    append(name: unknown, value: unknown): void {
      change(this, [...pairsIn(this), [asText(name), asText(value)]]);
    }

    delete(name: unknown, value?: unknown): void {
      change(
        this,
        pairsIn(this).filter((pair) => !matches(pair, name, value)),
      );
    }

    get(name: unknown): string | null {
      return pairsIn(this).find((pair) => matches(pair, name))?.[1] ?? null;
    }

    getAll(name: unknown): string[] {
      return pairsIn(this)
        .filter((pair) => matches(pair, name))
        .map(([, value]) => value);
    }

    has(name: unknown, value?: unknown): boolean {
      return pairsIn(this).some((pair) => matches(pair, name, value));
    }

    set(name: unknown, value: unknown): void {
      const first = pairsIn(this).findIndex((pair) => matches(pair, name));
      const pair: Pair = [asText(name), asText(value)];
      if (first === -1) change(this, [...pairsIn(this), pair]);
      else {
        const rest = pairsIn(this)
          .slice(first + 1)
          .filter((each) => !matches(each, name));
        change(this, [...pairsIn(this).slice(0, first), pair, ...rest]);
      }
    }

    sort(): void {
      const order = ([one]: Pair, [other]: Pair) => (one < other ? -1 : one > other ? 1 : 0);
      change(this, [...pairsIn(this)].sort(order));
    }

    forEach(run: (value: string, name: string, params: this) => unknown, self?: unknown): void {
      for (const [name, value] of pairsIn(this)) run.call(self, value, name, this);
    }

    *entries(): Generator<Pair> {
      for (const [name, value] of pairsIn(this)) yield [name, value];
    }

    *keys(): Generator<string> {
      for (const [name] of pairsIn(this)) yield name;
    }

    *values(): Generator<string> {
      for (const [, value] of pairsIn(this)) yield value;
    }

    [Symbol.iterator](): Generator<Pair> {
      return this.entries();
    }

    toString(): string {
      return writeQuery(pairsIn(this));
    }
  }

  tag('URLSearchParams', URLSearchParams.prototype);

  const change = (params: URLSearchParams, pairs: Pair[]) => {
    allPairs.set(params, pairs);
    listeners.get(params)?.(writeQuery(pairs));
  };
  return {
    URLSearchParams,
    /** Tells of each change, with the whole query. */
    onChange: (params: URLSearchParams, listener: (query: string) => void) =>
      listeners.set(params, listener),
    /** Reads the query anew, and tells nobody. */
    read: (params: URLSearchParams, query: string) => allPairs.set(params, parseQuery(query)),
  };
}

const matches = ([ownName, ownValue]: Pair, name: unknown, value?: unknown) =>
  ownName === asText(name) && (value === undefined || ownValue === asText(value));

function pairsOf(init: unknown, parseQuery: (text: string) => Pair[]): Pair[] {
  if (typeof init !== 'object' || init === null) return parseQuery(asText(init));
  if (!(Symbol.iterator in init)) {
    return Object.entries(init).map(([name, value]) => [name, asText(value)]);
  }
  return Array.from(init as Iterable<Iterable<unknown>>, (each) => {
    const [name, value, ...more] = each;
    if (value === undefined || more.length > 0) {
      throw new TypeError('Each query pair must be an iterable [name, value] tuple');
    }
    return [asText(name), asText(value)];
  });
}
