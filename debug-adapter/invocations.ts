import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  invocationEndedSchema,
  invocationStartedSchema,
  nexDevDomain,
  waitingChangedSchema,
  type InvocationEnded,
  type InvocationStarted,
} from '../runtime/protocol/inspector.ts';
import type { AdapterHost } from './adapterHost.ts';
import type { CdpConnection } from './cdpConnection.ts';

interface Running extends InvocationStarted {
  readonly threadId: number;
  /** Whether the client has been told of the thread. */
  announced: boolean;
}

/** Stands for the workload while it waits for a message: a client shows no session without a thread. */
const idleThread = 1;

/** Beyond this, threads that never stop are not announced: a client asks back for each. */
const announcedPerSecond = 20;

/** A DAP thread is an invocation: it starts with the message and exits with the reply. */
export class Invocations {
  /** Whether the client asks again when told that names have changed. */
  mayInvalidate = false;
  readonly #host: AdapterHost;
  readonly #onEnded: (ended: InvocationEnded) => void;
  #title = 'workload';
  #current: Running | undefined;
  #lastThread = idleThread;
  #idleAnnounced = false;
  #waiting = 0;
  #second = 0;
  #announcedInSecond = 0;

  constructor(host: AdapterHost, onEnded: (ended: InvocationEnded) => void) {
    this.#host = host;
    this.#onEnded = onEnded;
  }

  attach(cdp: CdpConnection, title: string): void {
    this.#title = title;
    cdp.onOther(nexDevDomain.invocationStarted, (params) =>
      this.#started(invocationStartedSchema.parse(params)),
    );
    cdp.onOther(nexDevDomain.invocationEnded, (params) =>
      this.#ended(invocationEndedSchema.parse(params)),
    );
    cdp.onOther(nexDevDomain.waitingChanged, (params) => {
      this.#waiting = waitingChangedSchema.parse(params).waiting;
      this.#waitingChanged();
    });
  }

  get current(): InvocationStarted | undefined {
    return this.#current;
  }

  list(): DebugProtocol.Thread[] {
    const current = this.#current;
    return current === undefined
      ? [{ id: idleThread, name: this.#title }]
      : [{ id: current.threadId, name: this.#nameOf(current) }];
  }

  /** Thread of what stands still; announces it. */
  stoppedThread(): number {
    const current = this.#current;
    if (current === undefined) return idleThread;
    this.#announce(current);
    return current.threadId;
  }

  /** The agent is gone, and with it what it ran. */
  disconnected(): void {
    const current = this.#current;
    this.#current = undefined;
    this.#waiting = 0;
    if (current?.announced === true) this.#exited(current.threadId);
  }

  #started(invocation: InvocationStarted): void {
    this.#lastThread += 1;
    this.#current = { ...invocation, threadId: this.#lastThread, announced: false };
    if (this.#mayAnnounce()) this.#announce(this.#current);
  }

  #ended(ended: InvocationEnded): void {
    const current = this.#current;
    if (current?.invocation !== ended.invocation) return;
    this.#current = undefined;
    this.#onEnded(ended);
    if (!current.announced) return;
    this.#exited(current.threadId);
    this.#idleAnnounced = true;
    this.#sendThread('started', idleThread);
  }

  #announce(running: Running): void {
    if (running.announced) return;
    running.announced = true;
    if (this.#idleAnnounced) this.#exited(idleThread);
    this.#idleAnnounced = false;
    this.#sendThread('started', running.threadId);
  }

  #mayAnnounce(): boolean {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.#second) this.#announcedInSecond = 0;
    this.#second = second;
    this.#announcedInSecond += 1;
    return this.#announcedInSecond <= announcedPerSecond;
  }

  #nameOf({ invocation, subject, replay }: Running): string {
    const origin = replay === undefined ? '' : `, replay of ${replay.stream} ${replay.seq}`;
    const waiting = this.#waiting === 0 ? '' : ` (${this.#waiting} waiting)`;
    return `${this.#title.split(' ', 1)[0] ?? ''} ${subject} #${invocation}${origin}${waiting}`;
  }

  #waitingChanged(): void {
    if (this.#current?.announced !== true || !this.mayInvalidate) return;
    const body = { areas: ['threads'] };
    this.#host.sendEvent({ seq: 0, type: 'event', event: 'invalidated', body });
  }

  #exited(threadId: number): void {
    this.#sendThread('exited', threadId);
  }

  #sendThread(reason: 'started' | 'exited', threadId: number): void {
    this.#host.sendEvent({ seq: 0, type: 'event', event: 'thread', body: { reason, threadId } });
  }
}
