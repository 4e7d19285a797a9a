import { tag } from './tag.ts';

/** The names that have had a number since before names were enough (WebIDL, "error names"). */
const codes: Readonly<Record<string, number>> = {
  IndexSizeError: 1,
  NotFoundError: 8,
  NotSupportedError: 9,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidCharacterError: 5,
  DataCloneError: 25,
};

/** `DOMException`, an Error that is told apart by its name. */
export class DOMException extends Error {
  readonly #name: string;

  constructor(message = '', options: string | { name?: string; cause?: unknown } = 'Error') {
    super(message);
    this.#name = typeof options === 'string' ? options : (options.name ?? 'Error');
    if (typeof options === 'object' && 'cause' in options) this.cause = options.cause;
  }

  override get name(): string {
    return this.#name;
  }

  get code(): number {
    return codes[this.#name] ?? 0;
  }
}
tag('DOMException', DOMException.prototype);
