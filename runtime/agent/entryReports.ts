import type { Caller, Ended } from '../protocol/agentPipe.ts';
import type { Invocation } from './invocation.ts';
import type { NodePipe } from './nodePipe.ts';

/** Tells the node what the isolate is entered for, and how that ended: by the way of the next entry where one follows. */
export class EntryReports {
  readonly #pipe: NodePipe;
  readonly #isSilent: boolean;
  #untoldEnd: Ended | undefined;

  /** Where failures are silent, the node is told of no caller: should the agent die, it answers none. */
  constructor(pipe: NodePipe, isSilent: boolean) {
    this.#pipe = pipe;
    this.#isSilent = isSilent;
  }

  began(first: Invocation, rest: readonly Invocation[]): void {
    const { origin, subject } = first.job;
    const behind = this.#isSilent ? [] : rest.flatMap(callerOf);
    this.#pipe.send({
      type: 'begin',
      invocation: first.number,
      subject,
      ...(origin.kind === 'trigger'
        ? {
            trigger: origin.trigger,
            ...(origin.reply === undefined || this.#isSilent ? {} : { reply: origin.reply }),
          }
        : { replay: origin.request }),
      ...(behind.length === 0 ? {} : { behind }),
      ...(this.#untoldEnd === undefined ? {} : { ended: this.#untoldEnd }),
    });
    this.#untoldEnd = undefined;
  }

  ended(ended: Ended): void {
    this.#untoldEnd = ended;
  }

  /** Nothing follows that could carry it. */
  flush(): void {
    if (this.#untoldEnd !== undefined) this.#pipe.send({ type: 'end', ended: this.#untoldEnd });
    this.#untoldEnd = undefined;
  }
}

/** Who waits for the answer to an invocation; a replay is answered otherwise. */
export function callerOf({
  number,
  job: { origin },
}: Pick<Invocation, 'number' | 'job'>): Caller[] {
  if (origin.kind !== 'trigger' || origin.reply === undefined) return [];
  const { trigger, reply } = origin;
  return [{ invocation: number, trigger, reply }];
}
