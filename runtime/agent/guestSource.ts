import { readFileSync } from 'node:fs';

/** A built guest, beside the agent's own bundle. */
export const readGuest = (name: string): string =>
  readFileSync(new URL(`${name}.js`, import.meta.url), 'utf8');

/** A built guest as a script whose value is the global that it sets. */
export const guestSource = (name: string, global: string): string => `${readGuest(name)}
;(() => { const g = globalThis.${global}; delete globalThis.${global}; return g; })()`;
