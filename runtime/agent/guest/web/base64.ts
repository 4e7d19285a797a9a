import { DOMException } from './domException.ts';
import type { WebHost } from './webHost.ts';

/** `atob` and `btoa`, done by the agent's own. */
export const createBase64 = (host: WebHost) => ({
  atob: (...args: unknown[]): string => {
    needOne(args, 'atob');
    const decoded = host('atob', String(args[0]));
    if (decoded === undefined) throw invalid('The string to be decoded is not correctly encoded.');
    return String(decoded);
  },
  btoa: (...args: unknown[]): string => {
    needOne(args, 'btoa');
    const encoded = host('btoa', String(args[0]));
    if (encoded === undefined) throw invalid('Invalid character');
    return String(encoded);
  },
});

function needOne(args: readonly unknown[], name: string): void {
  if (args.length === 0) throw new TypeError(`${name} needs an argument`);
}

const invalid = (text: string) => new DOMException(text, 'InvalidCharacterError');
