import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { WebOperation, WebValue } from './guest/web/webHost.ts';
import { settableUrlParts } from './guest/web/urlParts.ts';

/** Answers what the guest's web APIs ask for, with Node's own. Undefined where the input is not valid. */
export function answerWeb(operation: WebOperation, ...args: WebValue[]): WebValue {
  const [first, second, third] = args;
  switch (operation) {
    case 'atob':
      return valid(() => atob(String(first)));
    case 'btoa':
      return valid(() => btoa(String(first)));
    case 'randomBytes':
      return Uint8Array.from(randomBytes(Number(first)));
    case 'randomUuid':
      return randomUUID();
    case 'digest':
      return digest(String(first), second);
    case 'monotonicMs':
      return performance.now();
    case 'parseUrl':
      return valid(() =>
        partsOf(new URL(String(first), second === undefined ? undefined : String(second))),
      );
    case 'changeUrl':
      return valid(() => partsOf(changedUrl(String(first), String(second), String(third))));
    case 'parseQuery':
      return JSON.stringify([...new URLSearchParams(String(first))]);
    case 'writeQuery':
      return new URLSearchParams(JSON.parse(String(first)) as [string, string][]).toString();
  }
}

function valid<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    // What is not valid throws one of these two; the guest says so in its own words.
    if (error instanceof TypeError || error instanceof DOMException) return undefined;
    throw error;
  }
}

/** Digests that Web Cryptography knows, by their names there. */
function digest(name: string, data: WebValue): Uint8Array | undefined {
  const hash = /^SHA-(1|256|384|512)$/i.exec(name)?.[1];
  if (hash === undefined || !(data instanceof Uint8Array)) return undefined;
  return Uint8Array.from(createHash(`sha${hash}`).update(data).digest());
}

const partsOf = (url: URL): string =>
  JSON.stringify(
    Object.fromEntries([...settableUrlParts, 'origin' as const].map((part) => [part, url[part]])),
  );

function changedUrl(href: string, part: string, value: string): URL {
  const url = new URL(href);
  const known = settableUrlParts.find((each) => each === part);
  if (known !== undefined) url[known] = value;
  return url;
}
