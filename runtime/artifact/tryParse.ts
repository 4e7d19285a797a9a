import { parse, type Options, type Program } from 'acorn';

/** Why a text does not parse, and where. */
export interface SyntaxFault {
  readonly offset: number;
  readonly text: string;
}
type Attempt = { ast: Program; fault?: never } | { ast?: never; fault: SyntaxFault };

export function tryParse(code: string, options: Partial<Options>): Attempt {
  try {
    return { ast: parse(code, { ecmaVersion: 'latest', ...options }) };
  } catch (error) {
    if (!isAcornError(error)) throw error;
    return { fault: { offset: error.pos, text: error.message.replace(/ \(\d+:\d+\)$/, '') } };
  }
}

const isAcornError = (error: unknown): error is SyntaxError & { pos: number } =>
  error instanceof SyntaxError && 'pos' in error;
