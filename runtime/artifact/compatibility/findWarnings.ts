import { fileURLToPath } from 'node:url';
import { createWarning, type Warning } from '../../protocol/warnings.ts';
import { packageRoot } from '../nativePackage.ts';
import type { Locate } from '../writtenText.ts';
import { findCalls } from './calls.ts';
import type { Finding } from './finding.ts';
import { findMissingGlobals } from './missingGlobals.ts';
import { findNewMethods, findNewSyntax } from './newLanguage.ts';
import { findResults } from './results.ts';
import { ScriptSyntax } from './scriptSyntax.ts';

/**
 * What a real Nex 0.3 node would do otherwise with a script that runs here, each thing once: at its first place in the
 * user's files, or else in a package. What a compiler added is not told.
 */
export function findWarnings(code: string, locate: Locate): Warning[] {
  const syntax = new ScriptSyntax(code);
  const findings = [
    ...findMissingGlobals(syntax, (offset) => locate(offset)?.url),
    ...findCalls(syntax),
    ...findNewMethods(syntax),
    ...findResults(syntax),
    ...newSyntax(code),
  ].sort((one, other) => one.offset - other.offset);
  return locateFindings(findings, locate);
}

function newSyntax(code: string): Finding[] {
  const fault = findNewSyntax(code);
  return fault === undefined
    ? []
    : [{ code: 'language-level', detail: `This syntax (${fault.text})`, offset: fault.offset }];
}

function locateFindings(findings: readonly Finding[], locate: Locate): Warning[] {
  const own = new Map<string, Warning>();
  const packaged = new Map<string, Warning>();
  for (const { code, detail, offset } of findings) {
    const source = locate(offset);
    if (source === undefined) continue;
    const isOwn = packageRoot(fileURLToPath(source.url)) === undefined;
    const found = isOwn ? own : packaged;
    const key = `${code} ${detail}`;
    if (!found.has(key)) found.set(key, createWarning(code, detail, source));
  }
  return [...new Map([...packaged, ...own]).values()];
}
