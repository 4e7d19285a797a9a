import { setTimeout as wait } from 'node:timers/promises';
import { holdParameter, type InvocationEnded } from '../runtime/protocol/inspector.ts';
import type { SourceRecord } from '../runtime/protocol/sources.ts';
import { NexError, describeError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import { BreakpointHits } from './breakpointHits.ts';
import { Breakpoints } from './breakpoints.ts';
import { CdpConnection } from './cdpConnection.ts';
import { ConsoleOutput } from './consoleOutput.ts';
import { Evaluation } from './evaluation.ts';
import { Exceptions } from './exceptions.ts';
import { Invocations } from './invocations.ts';
import { Pauses } from './pauses.ts';
import { Scopes } from './scopes.ts';
import { Scripts } from './scripts.ts';
import type { Sources } from './sources.ts';
import { sourcesOfModule, sourcesOfScript } from './createSources.ts';
import { disassemble } from './disassembly.ts';
import { StackFrames } from './stackFrames.ts';
import type { DebugTarget, InspectorAddress } from './target.ts';
import { Variables } from './variables.ts';

type Events = Omit<AdapterHost, 'cdp'>;

/** Awaited calls that a stack shows. */
const asyncStackDepth = 32;
/** How long an agent that is gone may take to come back, and how often it is looked for, in ms. */
const comeBackMs = 60_000;
const lookMs = 200;

/** The debugger's side of a workload: one owner for each concern, and the inspector they all speak to. */
export class Debuggee implements AdapterHost {
  readonly scripts = new Scripts();
  readonly exceptions = new Exceptions(this.scripts);
  readonly frames = new StackFrames(this.scripts);
  readonly variables = new Variables(this);
  readonly breakpoints = new Breakpoints(this);
  readonly scopes = new Scopes(this.scripts, this.frames, this.variables);
  readonly output = new ConsoleOutput(this, this.scripts, this.variables);
  readonly invocations = new Invocations(this, (ended) => this.#ended(ended));
  readonly evaluation = new Evaluation(
    this,
    this.scripts,
    this.frames,
    this.variables,
    this.invocations,
  );
  readonly pauses = new Pauses(this, {
    scripts: this.scripts,
    exceptions: this.exceptions,
    invocations: this.invocations,
    hits: new BreakpointHits(this, this.breakpoints, this.scripts, this.output),
    listener: {
      begin: (pause) => this.frames.begin(pause),
      end: () => {
        this.frames.endStop();
        this.variables.endStop();
      },
    },
  });
  readonly #events: Events;
  readonly #signal: AbortSignal;
  readonly #onGone: (reason: string) => void;
  #cdp: CdpConnection | undefined;
  #program: string | undefined;
  /** Counts what makes a search for the next agent pointless: a newer search, and leaving. */
  #attempt = 0;
  /** The connection whose end is expected. */
  #leaving: CdpConnection | undefined;

  /** @param onGone told when the workload is gone for good */
  constructor(events: Events, signal: AbortSignal, onGone: (reason: string) => void) {
    this.#events = events;
    this.#signal = signal;
    this.#onGone = onGone;
  }

  get cdp(): CdpConnection {
    if (this.#cdp?.isOpen === true) return this.#cdp;
    throw new NexError('inspector-closed', 'No agent of this workload runs at the moment.');
  }

  get isConnected(): boolean {
    return this.#cdp?.isOpen === true;
  }

  sendEvent: AdapterHost['sendEvent'] = (event) => this.#events.sendEvent(event);
  print: AdapterHost['print'] = (text, category) => this.#events.print(text, category);
  inBackground: AdapterHost['inBackground'] = (work) => this.#events.inBackground(work);

  /** Attaches; messages are held until `run`. */
  async connect(target: DebugTarget): Promise<void> {
    const address = await target.locate();
    this.#refuseOther(target, address);
    const cdp = await CdpConnection.open(`${address.webSocketUrl}?${holdParameter}=1`);
    this.#leaving = undefined;
    this.#cdp = cdp;
    void cdp.closed.then(() => this.#closed(cdp, target));
    await this.#setUp(cdp, address);
  }

  /** Lets the messages run that were held while breakpoints were set. */
  async run(): Promise<void> {
    await this.cdp.send('Runtime.runIfWaitingForDebugger');
  }

  /** Nothing of this session stops the workload any more. */
  async detach(): Promise<void> {
    this.#attempt += 1;
    this.#program = undefined;
    const cdp = this.#cdp;
    if (cdp?.isOpen !== true) return;
    this.#leaving = cdp;
    // A session that ends lets its isolate go on by itself; disabling first makes sure that nothing stops in between.
    await cdp.send('Debugger.disable').catch(() => undefined);
    await cdp.close();
  }

  /** The end of the agent will be no accident. */
  expectEnd(): void {
    this.#leaving = this.#cdp;
  }

  /** Another file may have been deployed under the same name: that is not what this session debugs. */
  #refuseOther(target: DebugTarget, { record }: InspectorAddress): void {
    this.#program ??= record.program;
    if (record.program === this.#program) return;
    throw new NexError('replaced', `${target.name} was replaced by ${record.program}.`);
  }

  async #setUp(cdp: CdpConnection, { title, record }: InspectorAddress): Promise<void> {
    this.scripts.attach(cdp, record.scriptUrl);
    this.invocations.attach(cdp, title);
    this.output.attach(cdp);
    this.breakpoints.attach(cdp);
    this.pauses.attach(cdp);
    await Promise.all([
      cdp.send('NexDev.enable'),
      cdp.send('Runtime.enable'),
      cdp.send('Debugger.enable', {}),
      cdp.send('Debugger.setAsyncCallStackDepth', { maxDepth: asyncStackDepth }),
      this.exceptions.apply(cdp),
    ]);
    const sources = await this.#readSources(cdp, record);
    this.scripts.load(sources);
    await this.breakpoints.load(sources);
  }

  /** A module is announced as soon as the debugger is on: it is compiled when it is deployed. */
  async #readSources(cdp: CdpConnection, record: SourceRecord): Promise<Sources> {
    const { module } = this.scripts;
    return module === undefined
      ? sourcesOfScript(record)
      : sourcesOfModule(record, module.url, await disassemble(cdp, module.scriptId));
  }

  #ended({ invocation, outcome, text }: InvocationEnded): void {
    if (outcome === 'failed') {
      const name = `Invocation #${invocation}`;
      this.print(`${name} failed: ${this.scripts.mapStack(text)}\n`, 'stderr');
    }
    if (this.isConnected) this.inBackground(this.output.release(this.cdp));
  }

  #closed(cdp: CdpConnection, target: DebugTarget): void {
    if (this.#cdp !== cdp) return;
    this.pauses.disconnected();
    this.invocations.disconnected();
    if (this.#leaving === cdp || this.#signal.aborted) return;
    this.print(`The agent of ${target.name} has ended; waiting for the next one.\n`, 'stderr');
    this.inBackground(this.#reconnect(target));
  }

  /** The node starts an agent again, or a newer version has taken its place. */
  async #reconnect(target: DebugTarget): Promise<void> {
    const deadline = Date.now() + comeBackMs;
    this.#attempt += 1;
    const attempt = this.#attempt;
    while (attempt === this.#attempt) {
      try {
        await this.connect(target);
        await this.run();
        this.print(`Debugging ${target.name} again.\n`);
        return;
      } catch (error) {
        if (this.#signal.aborted || attempt !== this.#attempt) return;
        if (isFinal(error) || Date.now() > deadline) {
          this.#onGone(describeError(error));
          return;
        }
      }
      await wait(lookMs, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }
}

const isFinal = (error: unknown) =>
  error instanceof NexError && ['no-such-workload', 'replaced'].includes(error.code);
