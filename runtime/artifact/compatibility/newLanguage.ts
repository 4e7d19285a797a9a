import { tryParse, type SyntaxFault } from '../tryParse.ts';
import type { Finding } from './finding.ts';
import type { ScriptSyntax } from './scriptSyntax.ts';

/** The language of V8 11.1, which a real Nex 0.3 node has. */
const ecmaVersion = 2023;

/** Methods that came after V8 11.1 and that nothing else is called. */
const newMethods = new Set([
  'toSorted',
  'toReversed',
  'toSpliced',
  'isWellFormed',
  'toWellFormed',
  'symmetricDifference',
  'isSubsetOf',
  'isSupersetOf',
  'isDisjointFrom',
]);
const newStatics = new Set([
  'Object.groupBy',
  'Map.groupBy',
  'Promise.withResolvers',
  'Promise.try',
  'Array.fromAsync',
  'RegExp.escape',
  'Atomics.waitAsync',
]);

/** The first thing that V8 11.1 could not have compiled. What nothing can compile is V8's to report. */
export function findNewSyntax(code: string): SyntaxFault | undefined {
  const { fault } = tryParse(code, { ecmaVersion });
  return fault === undefined || tryParse(code, {}).fault !== undefined ? undefined : fault;
}

/** Calls of what V8 11.1 had not. */
export function findNewMethods(syntax: ScriptSyntax): Finding[] {
  const findings: Finding[] = [];
  syntax.each('CallExpression', ({ callee }) => {
    if (callee.type !== 'MemberExpression' || callee.computed) return;
    const { object, property } = callee;
    if (property.type !== 'Identifier') return;
    const owner = syntax.globals.find((one) => one === object)?.name;
    const detail = owner === undefined ? property.name : `${owner}.${property.name}`;
    if (!newMethods.has(detail) && !newStatics.has(detail)) return;
    findings.push({ code: 'language-level', detail, offset: property.start });
  });
  return findings;
}
