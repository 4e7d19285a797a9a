import { parse, type Node, type Program } from 'acorn';
import { base } from 'acorn-walk';
import { findHandlerStart } from './handlerStart.ts';
import type { Position } from './sourceMap.ts';
import { bindsThis } from '../runtime/protocol/syntaxNodes.ts';

/** Questions about the text of the script that runs, answered from its syntax tree. */
export class ScriptSyntax {
  readonly text: string;
  readonly program: Program;
  readonly #lineStarts: number[];

  /** Undefined for a text that acorn cannot read; V8 may know newer syntax. */
  static parse(text: string): ScriptSyntax | undefined {
    const program = tryParse(text);
    return program === undefined ? undefined : new ScriptSyntax(text, program);
  }

  private constructor(text: string, program: Program) {
    this.text = text;
    this.program = program;
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map(lineEnd)];
  }

  /** Nodes around a position, outermost first. */
  ancestorsAt(position: Position): Node[] {
    const offset = this.offsetOf(position);
    const ancestors: Node[] = [];
    const visit = (node: Node, _state: unknown, type: string = node.type) => {
      if (offset < node.start || offset >= node.end) return;
      // The walker meets some nodes twice: as what they are and as what they stand for.
      if (ancestors.at(-1) !== node) ancestors.push(node);
      visitors[type]?.(node, undefined, visit);
    };
    visit(this.program, undefined);
    return ancestors;
  }

  /**
   * Whether `this` is the global object at a position: only arrow functions around it. V8 keeps no `this` for an arrow
   * function that does not mention it.
   */
  hasGlobalThis(position: Position): boolean {
    return this.ancestorsAt(position).every((node) => !bindsThis(node));
  }

  /** Where the function that is called for a message has its first statement; undefined where it is not written here. */
  handlerStart(): Position | undefined {
    const start = findHandlerStart(this.program.body);
    return start === undefined ? undefined : this.positionOf(start);
  }

  offsetOf({ line, column }: Position): number {
    return (this.#lineStarts[line] ?? this.text.length) + column;
  }

  positionOf(offset: number): Position {
    const line = this.#lineStarts.findLastIndex((start) => start <= offset);
    return { line, column: offset - (this.#lineStarts[line] ?? 0) };
  }
}

type Visit = (node: Node, state: unknown, type?: string) => void;

const visitors = base as unknown as Readonly<
  Partial<Record<string, (node: Node, state: unknown, visit: Visit) => void>>
>;

function tryParse(text: string): Program | undefined {
  try {
    return parse(text, { ecmaVersion: 'latest', allowHashBang: true, ranges: true });
  } catch {
    return undefined;
  }
}

const lineEnd = (match: RegExpExecArray) => match.index + match[0].length;
