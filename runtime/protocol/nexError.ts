import type { Diagnostic } from './diagnostics.ts';

interface NexErrorOptions {
  remedy?: string;
  cause?: unknown;
  diagnostics?: readonly Diagnostic[];
}

/**
 * An error meant for a person: what happened and why (`message`), what to do about it (`remedy`), and a
 * stable `code` for programs. Code decides on `code`, never on the text. An error in sources carries all places at
 * fault as `diagnostics`.
 */
export class NexError extends Error {
  override readonly name = 'NexError';
  readonly code: string;
  readonly remedy: string | undefined;
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: string, message: string, options: NexErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.diagnostics = options.diagnostics ?? [];
  }
}

/** The text of anything that was thrown: an Error's message, a thrown string as it is. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What a person is shown of anything that was thrown: the message and, where there is one, the remedy. */
export function describeError(thrown: unknown): string {
  return thrown instanceof NexError && thrown.remedy !== undefined
    ? `${thrown.message}\n${thrown.remedy}`
    : errorText(thrown);
}
