import { setTimeout as wait } from 'node:timers/promises';
import type { Protocol } from 'devtools-protocol';
import { NexError, describeError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import type { BreakpointHits } from './breakpointHits.ts';
import type { CdpConnection } from './cdpConnection.ts';
import { thrownValue, type Exceptions } from './exceptions.ts';
import type { Invocations } from './invocations.ts';
import type { Pause, StackEntry, StopReason } from './pause.ts';
import type { Scripts } from './scripts.ts';
import type { RemoteObject } from './variable.ts';

type StepAction = 'stepOver' | 'stepInto' | 'stepOut';

interface Step {
  readonly action: StepAction;
  readonly invocation: number | undefined;
  /** User frames on the stack where it began. */
  readonly depth: number;
  /** On the way back to the frame it began in, after an inner stop that was none of the user's. */
  backingOut: boolean;
  /** Something was thrown on the way. */
  unwinding: boolean;
}

/** What V8 paused for on a step's way, and the user need not see. */
type Interruption = 'exception' | 'breakpoint';

type Decision =
  | {
      readonly stop: StopReason;
      readonly description?: string;
      readonly exception?: RemoteObject;
      readonly breakpointIds?: number[];
    }
  | { readonly goOn: 'resume' | StepAction };

const insistMs = 50;

export interface PauseListener {
  begin(pause: Pause): void;
  end(): void;
}

/**
 * Which of V8's pauses are stops for the user, and what makes it go on. V8 pauses more often than the user wants: at
 * exceptions that are caught, at hits that do not count, in what is not the user's, in the next invocation at the end of
 * a step. Those go on unseen.
 */
export class Pauses {
  readonly #host: AdapterHost;
  readonly #scripts: Scripts;
  readonly #hits: BreakpointHits;
  readonly #exceptions: Exceptions;
  readonly #invocations: Invocations;
  readonly #listener: PauseListener;
  #pause: Pause | undefined;
  #step: Step | undefined;
  #pauseRequested = false;
  /** Counts pauses and resumptions: a decision that took until after the next one is void. */
  #turn = 0;

  constructor(
    host: AdapterHost,
    parts: {
      scripts: Scripts;
      hits: BreakpointHits;
      exceptions: Exceptions;
      invocations: Invocations;
      listener: PauseListener;
    },
  ) {
    this.#host = host;
    this.#scripts = parts.scripts;
    this.#hits = parts.hits;
    this.#exceptions = parts.exceptions;
    this.#invocations = parts.invocations;
    this.#listener = parts.listener;
  }

  attach(cdp: CdpConnection): void {
    cdp.on('Debugger.paused', (event) => {
      this.#turn += 1;
      this.#host.inBackground(this.#onPaused(event, this.#turn));
    });
    cdp.on('Debugger.resumed', () => {
      this.#turn += 1;
      if (this.#pause === undefined) return;
      const { threadId } = this.#pause;
      this.#endStop();
      const body = { threadId, allThreadsContinued: true };
      this.#host.sendEvent({ seq: 0, type: 'event', event: 'continued', body });
    });
  }

  /** Throws where nothing stands still. */
  get current(): Pause {
    if (this.#pause === undefined) throw notStopped();
    return this.#pause;
  }

  requireStop(): void {
    if (this.#pause === undefined) throw notStopped();
  }

  async continue(): Promise<{ allThreadsContinued: boolean }> {
    await this.#leave(undefined, 'resume');
    return { allThreadsContinued: true };
  }

  async step(action: StepAction): Promise<void> {
    const step: Step = {
      action,
      invocation: this.#invocations.current?.invocation,
      depth: depthOf(this.current.stack),
      backingOut: false,
      unwinding: false,
    };
    await this.#leave(step, action);
  }

  /** With nothing running, it stops at the first line of the next invocation. */
  async pause(): Promise<void> {
    if (this.#pause !== undefined) return;
    const idle = this.#invocations.current === undefined;
    if (idle && (await this.#hits.stopNext())) return;
    this.#pauseRequested = true;
    await this.#host.cdp.send('Debugger.pause');
    this.#host.inBackground(this.#insistOnPause());
  }

  disconnected(): void {
    this.#turn += 1;
    this.#step = undefined;
    this.#pauseRequested = false;
    if (this.#pause !== undefined) this.#endStop();
  }

  /** V8 forgets the request where it meets the runtime's own code first: before the user's, or in a host service. */
  async #insistOnPause(): Promise<void> {
    for (;;) {
      await wait(insistMs, undefined, { ref: false });
      if (!this.#pauseRequested) return;
      await this.#host.cdp.send('Debugger.pause');
    }
  }

  async #leave(step: Step | undefined, action: 'resume' | StepAction): Promise<void> {
    this.requireStop();
    this.#step = step;
    this.#endStop();
    await this.#goOn(action);
  }

  #endStop(): void {
    this.#pause = undefined;
    this.#listener.end();
  }

  async #goOn(action: 'resume' | StepAction): Promise<void> {
    await this.#host.cdp.send(`Debugger.${action}`);
  }

  async #onPaused(event: Protocol.Debugger.PausedEvent, turn: number): Promise<void> {
    const stack = this.#scripts.userStack(event.callFrames, event.asyncStackTrace);
    const decision = await this.#decide(event, stack).catch((error: unknown): Decision => {
      // Standing still without a word would be worse than one stop too many.
      return { stop: 'pause', description: describeError(error) };
    });
    if (turn !== this.#turn) return;
    if ('goOn' in decision) await this.#goOn(decision.goOn);
    else this.#stop(decision, stack);
  }

  #stop(
    { stop, description, exception, breakpointIds }: Extract<Decision, { stop: unknown }>,
    stack: readonly StackEntry[],
  ): void {
    this.#step = undefined;
    this.#pauseRequested = false;
    const threadId = this.#invocations.stoppedThread();
    this.#pause = { threadId, reason: stop, stack, exception };
    this.#listener.begin(this.#pause);
    const text = exception && this.#exceptions.info(this.#pause).description;
    const body = {
      reason: stop,
      threadId,
      allThreadsStopped: true,
      ...(description === undefined ? {} : { description }),
      ...(text === undefined ? {} : { text }),
      ...(breakpointIds === undefined ? {} : { hitBreakpointIds: breakpointIds }),
    };
    this.#host.sendEvent({ seq: 0, type: 'event', event: 'stopped', body });
  }

  async #decide(
    event: Protocol.Debugger.PausedEvent,
    stack: readonly StackEntry[],
  ): Promise<Decision> {
    const topIsUser = this.#scripts.userStack(event.callFrames.slice(0, 1)).length > 0;
    if (depthOf(stack) === 0) return this.#decideOutside();
    const thrown = thrownValue(event);
    if (thrown !== undefined && this.#exceptions.wants(thrown, stack, topIsUser)) {
      const description = 'Stopped on an exception';
      return { stop: 'exception', description, exception: thrown };
    }
    const [top] = stack;
    const mayBeHit = topIsUser && thrown === undefined && top !== undefined && !('boundary' in top);
    const { entry, stops, any, former } = await this.#hits.take(mayBeHit ? top : undefined);
    if (stops.length > 0) {
      return { stop: 'breakpoint', breakpointIds: stops.map(({ id }) => id) };
    }
    if (entry !== undefined) return { stop: entry };
    if (this.#pauseRequested) return { stop: 'pause' };
    if (this.#step !== undefined) {
      const interruption = thrown !== undefined ? 'exception' : any ? 'breakpoint' : undefined;
      return this.#decideStep(this.#step, depthOf(stack), topIsUser, interruption);
    }
    if (thrown !== undefined || any || !topIsUser) return { goOn: 'resume' };
    if (this.#scripts.isDebuggerStatement(stack)) {
      return { stop: 'breakpoint', description: 'Stopped on a debugger statement' };
    }
    return former
      ? { goOn: 'resume' }
      : { stop: 'pause', description: 'Stopped by another debugger' };
  }

  /** No frame of the user's is on the stack. */
  #decideOutside(): Decision {
    this.#step = undefined;
    return { goOn: this.#pauseRequested ? 'stepInto' : 'resume' };
  }

  #decideStep(
    step: Step,
    depth: number,
    topIsUser: boolean,
    interruption: Interruption | undefined,
  ): Decision {
    if (step.invocation !== this.#invocations.current?.invocation) {
      this.#step = undefined;
      return { goOn: 'resume' };
    }
    const into = step.action === 'stepInto';
    const inside = depth > step.depth && !into;
    if (interruption === 'exception') {
      // V8 stops next where it is caught, be that here or further out.
      step.unwinding = true;
      return { goOn: into ? 'stepInto' : 'stepOver' };
    }
    const stillIn = step.unwinding && step.action === 'stepOut' && depth === step.depth;
    if (inside || stillIn) {
      step.backingOut = true;
      return { goOn: 'stepOut' };
    }
    if (interruption === 'breakpoint') return { goOn: step.action };
    if (step.backingOut && depth === step.depth) {
      // In the middle of the line that the step is to leave.
      step.backingOut = false;
      return { goOn: 'stepOver' };
    }
    if (topIsUser) return { stop: 'step' };
    return { goOn: into ? 'stepInto' : 'stepOut' };
  }
}

const depthOf = (stack: readonly StackEntry[]) =>
  stack.filter((entry) => !('boundary' in entry) && entry.frame !== undefined).length;

const notStopped = () =>
  new NexError('not-stopped', 'The function is not stopped.', {
    remedy: 'Set a breakpoint and send a message, or pause.',
  });
