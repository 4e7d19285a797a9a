import { findBreakLocations } from './breakLocations.ts';
import { BundleGlue } from './bundleGlue.ts';
import { isCaughtByUser } from './catchPrediction.ts';
import type { CodeQuestions, FunctionAround } from './runningCode.ts';
import { toScriptExpression } from './scriptExpression.ts';
import { ScriptNames, type Alias, type LineOf } from './scriptNames.ts';
import { ScriptSyntax } from './scriptSyntax.ts';
import { IdentityMap, ScriptMap, type Position, type SourcePosition } from './sourceMap.ts';
import { asFunction } from '../runtime/protocol/syntaxNodes.ts';

/** The script that V8 runs: the user's file itself, or what a bundler has made of it. */
export class RunningScript implements CodeQuestions {
  readonly language = 'JavaScript';
  readonly url: string;
  readonly #text: string;
  readonly #syntax: ScriptSyntax | undefined;
  readonly #map: ScriptMap | undefined;
  readonly #glue: BundleGlue | undefined;
  readonly #positions: IdentityMap | ScriptMap;
  readonly #lineOf: LineOf;
  #names: ScriptNames | undefined;

  /** @param map source map, where the script is not what was written */
  constructor(url: string, text: string, map: string | undefined, lineOf: LineOf) {
    this.url = url;
    this.#text = text;
    this.#lineOf = lineOf;
    this.#syntax = ScriptSyntax.parse(text);
    this.#map = map === undefined ? undefined : new ScriptMap(map);
    this.#positions = this.#map ?? new IdentityMap(url);
    this.#glue = this.#map && this.#syntax && new BundleGlue(this.#syntax, this.#map);
  }

  breakLocations(): Promise<readonly Position[]> {
    return findBreakLocations(this.#text);
  }

  entry(): Position | undefined {
    return this.#syntax?.handlerStart();
  }

  /** Undefined for what a bundler added. */
  toSource(position: Position): SourcePosition | undefined {
    return this.isGlue(position) ? undefined : this.#positions.toSource(position);
  }

  isGlue(position: Position): boolean {
    return this.#glue?.includes(position) === true;
  }

  hasGlobalThis(position: Position): boolean {
    return this.#syntax?.hasGlobalThis(position) === true;
  }

  functionAround(position: Position): FunctionAround | undefined {
    const syntax = this.#syntax;
    const node = syntax?.ancestorsAt(position).findLast((one) => asFunction(one) !== undefined);
    const end = node && syntax?.positionOf(node.end - 1);
    const place = end && this.toSource(end);
    if (syntax === undefined || node === undefined || place === undefined) return undefined;
    const includes = (other: Position) => {
      const offset = syntax.offsetOf(other);
      return node.start <= offset && offset < node.end;
    };
    return { end: place, includes };
  }

  expressionAt(position: Position, expression: string): string {
    const url = this.toSource(position)?.url ?? '';
    return toScriptExpression(expression, {
      globalThisHere: this.hasGlobalThis(position),
      expressionFor: (name) => this.#scriptNames?.expressionFor(name, position, url),
    });
  }

  /** What the source at `url` calls a variable of the script; nothing for one that it does not know. */
  namesOf(variable: string, position: Position, url: string): readonly Alias[] {
    return (
      this.#scriptNames?.namesOf(variable, position, url) ?? [
        { name: variable, expression: variable },
      ]
    );
  }

  functionName(name: string, position: Position): string {
    if (name === '') return '(anonymous)';
    return this.#scriptNames?.declaredName(name, position) ?? name;
  }

  isCaught(frames: readonly Position[]): boolean {
    return this.#syntax !== undefined && isCaughtByUser(this.#syntax, frames);
  }

  isDebuggerStatement(position: Position): boolean {
    return this.#syntax?.ancestorsAt(position).at(-1)?.type === 'DebuggerStatement';
  }

  /** Made at the first question: most sessions of a script that runs as it was written ask none. */
  get #scriptNames(): ScriptNames | undefined {
    const syntax = this.#syntax;
    const map = this.#map;
    if (map === undefined || syntax === undefined) return undefined;
    this.#names ??= new ScriptNames(syntax, (position) => map.originOf(position), this.#lineOf);
    return this.#names;
  }
}
