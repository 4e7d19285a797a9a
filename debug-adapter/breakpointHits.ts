import { errorText, NexError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import type { Breakpoint } from './breakpoint.ts';
import type { Breakpoints, EntryReason } from './breakpoints.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { ConsoleOutput } from './consoleOutput.ts';
import { exceptionText } from './exceptionText.ts';
import type { UserFrame } from './pause.ts';
import type { Scripts } from './scripts.ts';
import type { RemoteObject } from './variable.ts';

export interface Hits {
  /** The stop at the first statement is among them, for this reason. */
  readonly entry: EntryReason | undefined;
  /** Those that stop. */
  readonly stops: readonly Breakpoint[];
  /** Whether there is any breakpoint of the user's. */
  readonly any: boolean;
  /** Whether V8 may have stopped for a breakpoint that was taken away. */
  readonly former: boolean;
}

/** What a hit leads to: its condition looked at once more, its hits counted, its message logged, or a stop. */
export class BreakpointHits {
  readonly #host: AdapterHost;
  readonly #breakpoints: Breakpoints;
  readonly #scripts: Scripts;
  readonly #output: ConsoleOutput;

  constructor(
    host: AdapterHost,
    breakpoints: Breakpoints,
    scripts: Scripts,
    output: ConsoleOutput,
  ) {
    this.#host = host;
    this.#breakpoints = breakpoints;
    this.#scripts = scripts;
    this.#output = output;
  }

  /** At the first statement of the next invocation; false where that is not known. */
  stopNext(): Promise<boolean> {
    return this.#breakpoints.stopAtEntry('pause');
  }

  /** @param frame where V8 has stopped; undefined where that is not for a breakpoint */
  async take(frame: UserFrame | undefined): Promise<Hits> {
    if (frame === undefined) return { entry: undefined, stops: [], any: false, former: false };
    const hit = this.#breakpoints.at(frame.generated);
    const entry = await this.#breakpoints.takeEntry(hit);
    const users = hit.filter(({ id }) => id > 0);
    const stops: Breakpoint[] = [];
    for (const breakpoint of users) {
      if (await this.#stops(breakpoint, frame)) stops.push(breakpoint);
    }
    const former = this.#breakpoints.isFormer(frame.generated);
    return { entry, stops, any: users.length > 0, former };
  }

  async #stops(breakpoint: Breakpoint, frame: UserFrame): Promise<boolean> {
    const { condition, log } = breakpoint;
    if (condition !== undefined && !(await this.#holds(condition, frame))) return false;
    if (!breakpoint.countHit()) return false;
    if (log === undefined) return true;
    const values: RemoteObject[] = [];
    for (const part of log) {
      values.push(
        'text' in part ? toString(part.text) : await this.#logged(part.expression, frame),
      );
    }
    await this.#output.logMessage(values, frame.place);
    return false;
  }

  /**
   * V8 has found it true, or failing, or found another one at the same place true. Looked at again without side effects:
   * where that cannot be, V8's word counts.
   */
  async #holds(condition: string, frame: UserFrame): Promise<boolean> {
    const { result, exceptionDetails } = await this.#evaluate(condition, frame, true);
    if (exceptionDetails === undefined) return isTruthy(result);
    const text = exceptionText(exceptionDetails);
    if (text.includes('Possible side-effect')) return true;
    this.#host.print(`The condition "${condition}" of a breakpoint failed: ${text}\n`, 'stderr');
    return false;
  }

  async #logged(expression: string, frame: UserFrame): Promise<RemoteObject> {
    const { result, exceptionDetails } = await this.#evaluate(`(${expression}\n)`, frame, false);
    if (exceptionDetails === undefined) return result;
    return toString(`[${expression}: ${exceptionText(exceptionDetails)}]`);
  }

  #evaluate(expression: string, { frame, generated }: UserFrame, throwOnSideEffect: boolean) {
    if (frame === undefined) throw new NexError('async-frame', errorText('No frame to look at.'));
    const { cdp }: { cdp: CdpConnection } = this.#host;
    return cdp.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame.callFrameId,
      expression: this.#scripts.sources.code.expressionAt(generated, expression),
      objectGroup: 'console',
      silent: true,
      generatePreview: true,
      throwOnSideEffect,
    });
  }
}

const toString = (value: string): RemoteObject => ({ type: 'string', value });

const isTruthy = ({ type, value, unserializableValue, objectId }: RemoteObject) =>
  objectId !== undefined ||
  type === 'symbol' ||
  (unserializableValue === undefined
    ? Boolean(value)
    : !['NaN', '-0', '0n'].includes(unserializableValue));
