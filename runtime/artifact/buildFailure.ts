import { resolve } from 'node:path';
import type { BuildFailure, Message } from 'esbuild';
import { diagnosticText, type Diagnostic } from '../protocol/diagnostics.ts';
import { NexError } from '../protocol/nexError.ts';
import { BuildError, whereWanted } from './buildError.ts';
import { findNativePackage } from './nativePackage.ts';

/** What our own import rules say of a refused import, in esbuild's `detail`. */
export interface ImportFault {
  readonly code: 'node-builtin' | 'native-package';
}

export const isBuildFailure = (error: unknown): error is BuildFailure =>
  error instanceof Error && 'errors' in error && Array.isArray(error.errors);

/** The NexError of a failed build: its text is the most telling fault, its diagnostics are all of them. */
export async function describeFailure(failure: BuildFailure, directory: string): Promise<NexError> {
  const faults = await Promise.all(failure.errors.map((error) => describeFault(error, directory)));
  const [first] = [...faults].sort((one, other) => rank(one) - rank(other));
  if (first === undefined) return new NexError('bundle-failed', failure.message);
  const { code, diagnostic, text } = first;
  const main = diagnostic === undefined ? text : diagnosticText(diagnostic);
  const rest = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
  const diagnostics = faults.flatMap((fault) => fault.diagnostic ?? []);
  const wanted = failure.errors.flatMap((error) => wantedBy(error, directory));
  return new BuildError(code, main + rest, {
    remedy: remedies[code],
    cause: failure,
    diagnostics,
    wanted,
  });
}

interface Fault {
  code: keyof typeof remedies;
  text: string;
  diagnostic: Diagnostic | undefined;
}

const remedies = {
  'syntax-error': 'Correct the line.',
  'import-not-found': 'Check the path, or `npm install` the package.',
  'node-builtin':
    'A function runs without Node.js: use the host services (this.kv, this.objectStore, this.http, this.messaging).',
  'native-package':
    'A function runs in V8 alone: take a package that is all JavaScript, or write a service.',
};

/** A package with native code fails in many places, of which the other faults name details only. */
const rank = ({ code }: Fault) => (code === 'native-package' ? 0 : 1);

async function describeFault(message: Message, directory: string): Promise<Fault> {
  const { location } = message;
  const file = location === null ? undefined : resolve(directory, location.file);
  const native = file === undefined ? undefined : await findNativePackage(file);
  const { code, text } =
    native === undefined
      ? classify(message)
      : { code: 'native-package' as const, text: nativeText(native, message.text) };
  if (location === null || file === undefined) return { code, text, diagnostic: undefined };
  const { line, column, length } = location;
  const end = length === 0 ? {} : { endLine: line, endColumn: column + 1 + length };
  return { code, text, diagnostic: { file, line, column: column + 1, ...end, text } };
}

const nativeText = (name: string, text: string) =>
  `the package "${name}" has native code, which an isolate cannot load (${text})`;

function classify({ text, detail }: Message): Pick<Fault, 'code' | 'text'> {
  if (isImportFault(detail)) return { code: detail.code, text };
  return { code: text.startsWith('Could not resolve') ? 'import-not-found' : 'syntax-error', text };
}

function wantedBy({ text, location }: Message, directory: string): string[] {
  const [, specifier] = /^Could not resolve "(.+?)"/.exec(text) ?? [];
  if (specifier === undefined || location === null) return [];
  return whereWanted(specifier, resolve(directory, location.file));
}

const isImportFault = (detail: unknown): detail is ImportFault =>
  typeof detail === 'object' && detail !== null && 'code' in detail;
