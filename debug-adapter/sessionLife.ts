import { NexError, describeError } from '../runtime/protocol/nexError.ts';
import type { Debuggee } from './debuggee.ts';
import type { DebugTarget, DebugTargets, TargetReport } from './target.ts';

export interface SessionLifeOptions {
  readonly debuggee: Debuggee;
  readonly targets: DebugTargets;
  readonly report: TargetReport;
  readonly sendEvent: (event: 'initialized' | 'terminated') => void;
  readonly inBackground: (work: Promise<unknown>) => void;
}

/** From launch or attach to the end: what is debugged, and what becomes of it. */
export class SessionLife implements AsyncDisposable {
  readonly #options: SessionLifeOptions;
  #starting = false;
  #target: DebugTarget | undefined;
  #terminated = false;
  #disposed: Promise<void> | undefined;

  constructor(options: SessionLifeOptions) {
    this.#options = options;
  }

  launch(args: unknown): Promise<void> {
    return this.#start((report) => this.#options.targets.launch(args, report));
  }

  attach(args: unknown): Promise<void> {
    return this.#start((report) => this.#options.targets.attach(args, report));
  }

  /** Breakpoints are set: messages may come, and the one that the session was started with is sent. */
  async configurationDone(): Promise<void> {
    const target = this.#requireTarget();
    await this.#options.debuggee.run();
    this.#options.inBackground(target.deliver());
  }

  /** The file as it is now in the place of what runs, and the same message once more. */
  async restart(args: unknown): Promise<void> {
    const { debuggee, inBackground } = this.#options;
    const target = this.#requireTarget();
    await debuggee.detach();
    try {
      await target.redeploy?.(launchArguments(args));
    } finally {
      // A version that cannot be deployed leaves the old one running, and this session with it.
      await debuggee.connect(target);
      if (target.stopOnEntry) await debuggee.breakpoints.stopAtEntry('entry');
      await debuggee.run();
    }
    inBackground(target.deliver());
  }

  /** The workload stops, and the session with it. */
  async terminate(): Promise<void> {
    await this.#stopWorkload();
    this.end();
  }

  /** The session ends; the workload goes on unless asked otherwise. */
  async disconnect(terminateDebuggee: boolean): Promise<void> {
    if (terminateDebuggee) await this.#stopWorkload();
    await this[Symbol.asyncDispose]();
  }

  /** Tells the client that there is nothing more to debug. */
  end(reason?: string): void {
    if (this.#terminated) return;
    this.#terminated = true;
    if (reason !== undefined) this.#options.report.print(`${reason}\n`, 'stderr');
    this.#options.sendEvent('terminated');
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #start(make: (report: TargetReport) => Promise<DebugTarget>): Promise<void> {
    if (this.#starting) {
      throw new NexError('already-started', 'This session debugs a workload already.');
    }
    this.#starting = true;
    const { debuggee, report, sendEvent } = this.#options;
    const target = await make(report).catch((error: unknown) => {
      this.#starting = false;
      throw error;
    });
    this.#target = target;
    // Left meanwhile: nobody is there to use it.
    if (this.#disposed !== undefined) return target[Symbol.asyncDispose]();
    await debuggee.connect(target);
    if (target.stopOnEntry) await debuggee.breakpoints.stopAtEntry('entry');
    // Only now: every breakpoint that the client sets next finds its place at once.
    sendEvent('initialized');
  }

  async #stopWorkload(): Promise<void> {
    const { debuggee, report } = this.#options;
    debuggee.expectEnd();
    try {
      await this.#target?.stop();
    } catch (error) {
      if (isGone(error)) return;
      report.print(`The workload could not be stopped: ${describeError(error)}\n`, 'stderr');
    }
  }

  async #dispose(): Promise<void> {
    const { debuggee } = this.#options;
    await debuggee.detach();
    await this.#target?.[Symbol.asyncDispose]();
  }

  #requireTarget(): DebugTarget {
    if (this.#target !== undefined) return this.#target;
    throw new NexError('not-started', 'Nothing is debugged yet: launch or attach comes first.');
  }
}

const isGone = (error: unknown) => error instanceof NexError && error.code === 'no-such-workload';

/** Clients send the configuration anew, with what the user changed meanwhile, or nothing. */
function launchArguments(args: unknown): unknown {
  const isObject = typeof args === 'object' && args !== null;
  return isObject && ('program' in args || 'copyOf' in args) ? args : undefined;
}
