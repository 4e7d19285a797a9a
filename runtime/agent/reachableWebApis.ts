import { webApiNames } from './guest/webApiNames.ts';

/**
 * The web APIs that a source can reach: those it names, and all where it holds the global object itself or makes code of
 * text. The rest need not be there, which spares each context a tenth of its preparation.
 */
export function reachableWebApis(source: string): string[] {
  return holdsGlobal.test(source)
    ? [...webApiNames]
    : webApiNames.filter((name) => source.includes(name));
}

/** `this.kv` and `globalThis.kv` only name a member. */
const holdsGlobal =
  /\\u|\b(?:eval|Function|constructor|with)\b|\b(?:this|globalThis)\b(?!\s*\.\s*[\w$])/;
