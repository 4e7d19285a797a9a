import type { Disassembly } from './disassembly.ts';
import type { CodeQuestions, FunctionAround } from './runningCode.ts';
import { readRustName } from '../runtime/protocol/rustName.ts';
import type { Position, SourcePosition } from './sourceMap.ts';
import { toScriptExpression } from './scriptExpression.ts';

/** One instruction and where it is shown. */
export interface Instruction {
  readonly offset: number;
  /** From 0. */
  readonly line: number;
  readonly text: string;
}

/**
 * The WebAssembly module that V8 runs. CDP counts its bytes as columns of one line; its source is V8's text of it, with an
 * instruction a line.
 */
export class RunningModule implements CodeQuestions {
  readonly language = 'WebAssembly';
  readonly url: string;
  readonly text: string;
  readonly instructions: readonly Instruction[];
  readonly #disassembly: Disassembly;
  readonly #byOffset: ReadonlyMap<number, Instruction>;

  constructor(url: string, disassembly: Disassembly) {
    this.url = url;
    this.#disassembly = disassembly;
    this.text = disassembly.lines.join('\n');
    this.instructions = findInstructions(disassembly);
    this.#byOffset = new Map(this.instructions.map((one) => [one.offset, one]));
  }

  breakLocations(): Promise<readonly Position[]> {
    return Promise.resolve(this.instructions.map(({ offset }) => ({ line: 0, column: offset })));
  }

  /** The node calls what is exported as `_start`. */
  entry(): Position | undefined {
    const { lines, offsets } = this.#disassembly;
    const header = lines.findIndex((line) => /^\s*\(func .*\(export "_start"\)/.test(line));
    const start = offsets[header];
    const body = this.#disassembly.bodies.find(([first]) => start !== undefined && first > start);
    return body && { line: 0, column: body[0] };
  }

  toSource({ column }: Position): SourcePosition | undefined {
    const instruction = this.#byOffset.get(column);
    return instruction && { url: this.url, line: instruction.line, column: indentOf(instruction) };
  }

  functionAround({ column }: Position): FunctionAround | undefined {
    const body = this.#disassembly.bodies.find(([start, end]) => start <= column && column < end);
    const last = body && this.instructions.findLast(({ offset }) => offset < body[1]);
    if (body === undefined || last === undefined) return undefined;
    return {
      end: { url: this.url, line: last.line, column: indentOf(last) },
      includes: (other) => body[0] <= other.column && other.column < body[1],
    };
  }

  /** V8 writes `$name` for what the name section calls `name`. */
  functionName(name: string): string {
    return readRustName(name.replace(/^\$/, ''));
  }

  /** V8 lets expressions name what the text does (`$x`, `locals[0]`), but wraps the values. */
  expressionAt(_position: Position, expression: string): string {
    return toScriptExpression(expression, {
      globalThisHere: false,
      expressionFor: (name) => {
        if (!name.startsWith('$')) return undefined;
        if (/\.(value|type)$/.test(name)) return name;
        return name.includes('.') ? undefined : `((v) => v?.value ?? v)(${name})`;
      },
    });
  }

  isCaught(): boolean {
    return false;
  }

  isDebuggerStatement(): boolean {
    return false;
  }
}

/** A function's lines before its first instruction declare it; a line that continues one shares its offset. */
function findInstructions({ lines, offsets, bodies }: Disassembly): Instruction[] {
  const found: Instruction[] = [];
  let body = 0;
  for (const [line, offset] of offsets.entries()) {
    while (offset >= (bodies[body]?.[1] ?? Infinity)) body += 1;
    const start = bodies[body]?.[0] ?? Infinity;
    if (offset < start || offset === found.at(-1)?.offset) continue;
    found.push({ offset, line, text: lines[line] ?? '' });
  }
  return found;
}

const indentOf = ({ text }: Instruction) => text.length - text.trimStart().length;
