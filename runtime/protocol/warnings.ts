import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nexSourceLimit } from './controlApi.ts';
import { diagnosticText } from './diagnostics.ts';
import { logSourceSchema, type LogSource } from './logs.ts';

/**
 * What works here and would not on a real Nex 0.3.0-rc1 node, or what a user should know of a deployment. `code` is
 * stable; each is told once per workload. `source` is 1-based.
 */
export const warningSchema = z.object({
  code: z.string(),
  text: z.string(),
  source: logSourceSchema.optional(),
});
export type Warning = z.infer<typeof warningSchema>;

/** One line: where, the text and its code. `shownPath` is how an absolute path is written. */
export function warningText(
  { code, text, source }: Warning,
  shownPath = (path: string) => path,
): string {
  const line = `${text} [${code}]`;
  if (source === undefined) return line;
  const { url, ...place } = source;
  const file = url.startsWith('file:') ? shownPath(fileURLToPath(url)) : url;
  return diagnosticText({ file, ...place, text: line });
}

/** What a real node lacks, and what to write instead. */
export const webApis = {
  TextDecoder: 'write decodeURIComponent(escape(String.fromCharCode(...bytes)))',
  TextEncoder: 'write Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0))',
  atob: 'import a package such as base64-js',
  btoa: 'import a package such as base64-js',
  URL: 'take the address apart with a regular expression',
  URLSearchParams: 'take the query apart with split and decodeURIComponent',
  structuredClone: 'write JSON.parse(JSON.stringify(value))',
  queueMicrotask: 'write Promise.resolve().then(callback)',
  crypto: 'there is no source of random bytes but Math.random',
  performance: 'write Date.now()',
  AbortController: 'leave it out, nothing there can be aborted',
  AbortSignal: 'leave it out, nothing there can be aborted',
  Event: 'call the listener itself',
  EventTarget: 'call the listener itself',
  DOMException: 'throw an Error',
} as const;
export type WebApi = keyof typeof webApis;

/** Every compatibility warning, found in the source or at run time: its code, and its text of a detail. */
const compatibilityTexts = {
  'source-too-large': (bytes) =>
    `The artifact has ${bytes} bytes; a real Nex 0.3 node refuses more than ${nexSourceLimit}.`,
  'promise-returned': () =>
    'The function returns a Promise: it is awaited here, a real Nex 0.3 node answers {}.',
  'typed-array-returned': () =>
    'The function returns bytes: the reply is an object of numbers, {"0":104,…}. Return a string or an object.',
  'web-api': (name) => `${name} does not exist on a real Nex 0.3 node: ${webApis[name as WebApi]}.`,
  timer: (name) =>
    `${name} does not exist on a real Nex 0.3 node, which waits for nothing after the function has returned.`,
  'missing-global': (name) =>
    `${name} does not exist in a function, neither here nor on a real Nex 0.3 node.`,
  'payload-garbled': (call) =>
    `${call} takes each byte for a character, so that text beyond ASCII is garbled: wrap it as decodeURIComponent(escape(…)).`,
  'high-bytes': (call) =>
    `${call} got bytes above 0x7F: a real Nex 0.3 node writes two bytes for each of them.`,
  'value-too-long': (call) =>
    `${call} got more than 125000 bytes: a real Nex 0.3 node throws a RangeError.`,
  'query-string': (call) => `${call} has a query string, which a real Nex 0.3 node drops.`,
  'request-many': () => 'messaging.requestMany always throws on a real Nex 0.3 node: use request.',
  'language-level': (what) => `${what} is newer than the V8 11.1 of a real Nex 0.3 node.`,
  'circular-import': (cycle) =>
    `The files import each other in a circle, so that one of them may see names without a value: ${cycle}.`,
} satisfies Record<string, (detail: string) => string>;
export type WarningCode = keyof typeof compatibilityTexts;
export const isWarningCode = (code: string): code is WarningCode => code in compatibilityTexts;

export const createWarning = (code: WarningCode, detail: string, source?: LogSource): Warning => ({
  code,
  text: compatibilityTexts[code](detail),
  ...(source === undefined ? {} : { source }),
});
