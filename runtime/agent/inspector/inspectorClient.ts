import { z } from 'zod';
import { internalScheme, nexDevDomain } from '../../protocol/inspector.ts';
import {
  cdpNotificationSchema,
  cdpRequestSchema,
  emptyResult,
  errorResult,
  firstOwnId,
  notification,
  type CdpNotification,
  type CdpRequest,
} from './cdpMessages.ts';
import type { PooledSession, SessionPool } from './sessionPool.ts';
import { WakeUp } from './wakeUp.ts';

/** What a client's messages may do to the workload. */
export interface InspectedWorkload {
  /** CDP ids of the contexts that are still alive. */
  isLiveContext(contextId: number): boolean;
  paused(client: InspectorClient): void;
  resumed(client: InspectorClient): void;
  /** The client has said `Runtime.runIfWaitingForDebugger`. */
  released(client: InspectorClient): void;
}

const scriptParsedSchema = z.looseObject({ scriptId: z.string(), url: z.string() });
const contextCreatedSchema = z.looseObject({ context: z.looseObject({ id: z.number() }) });
const blackboxSchema = z.looseObject({ patterns: z.array(z.string()) });

/** What a client may have enabled. */
const domains = ['Debugger', 'Runtime', 'Profiler', 'HeapProfiler', 'Console'];

/** Frames and scripts of the runtime: never shown, never stepped into. */
const internalPattern = `^${internalScheme}`;

/** One CDP client: an inspector session of its own, and the repairs that every client needs. */
export class InspectorClient {
  readonly #session: PooledSession;
  readonly #giveBack: () => void;
  readonly #workload: InspectedWorkload;
  readonly #send: (message: string) => void;
  readonly #wakeUp: WakeUp;
  #wantsOwnEvents = false;
  #disposed = false;
  /** Requests of the client that V8 has not answered yet. */
  readonly #unanswered = new Set<number>();
  /** Our last requests; their answers say that V8 has let go. */
  readonly #farewells = new Set<number>();

  constructor(workload: InspectedWorkload, sessions: SessionPool, send: (message: string) => void) {
    this.#workload = workload;
    this.#send = send;
    const session = sessions.take();
    this.#session = session;
    session.listener = {
      onResponse: (id, message) => this.#onResponse(id, message),
      onNotification: (message) => this.#onNotification(message),
    };
    this.#giveBack = () => sessions.giveBack(session);
    this.#wakeUp = new WakeUp(() => this.#dispatchOwn('Runtime.getIsolateId'));
  }

  /** A message of the client. Answers every one exactly once, also what is not CDP. */
  receive(text: string): void {
    let request: CdpRequest;
    try {
      request = cdpRequestSchema.parse(JSON.parse(text));
    } catch {
      this.#send(errorResult(null, -32_700, 'Message must be a CDP request as JSON.'));
      return;
    }
    if (request.id >= firstOwnId) {
      this.#send(errorResult(request.id, -32_600, `Ids from ${firstOwnId} up are reserved.`));
      return;
    }
    this.#handle(request);
  }

  /** Sends an event of our own domain to a client that asked for them. */
  sendOwnEvent(method: string, params: object): void {
    if (this.#wantsOwnEvents) this.#send(notification(method, params));
  }

  contextDestroyed(contextId: number): void {
    this.#send(
      notification('Runtime.executionContextDestroyed', { executionContextId: contextId }),
    );
  }

  /**
   * Idempotent. Ends a pause where nobody else is there to (`isLast`), takes back all that the client had set, and gives the
   * session back when V8 has said so.
   */
  dispose(isLast: boolean): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#unanswered.clear();
    if (isLast) {
      this.#dispatchOwn('Debugger.setSkipAllPauses', { skip: true });
      this.#dispatchOwn('Debugger.resume');
    }
    for (const domain of domains) this.#farewells.add(this.#dispatchOwn(`${domain}.disable`));
    // A debugger that was off already has not forgotten it by being disabled.
    this.#farewells.add(this.#dispatchOwn('Debugger.setSkipAllPauses', { skip: false }));
    for (const id of this.#farewells) this.#wakeUp.requested(id);
  }

  #handle(request: CdpRequest): void {
    switch (request.method) {
      case nexDevDomain.enable:
        this.#wantsOwnEvents = true;
        this.#send(emptyResult(request.id));
        return;
      case 'Runtime.runIfWaitingForDebugger':
        this.#send(emptyResult(request.id));
        this.#workload.released(this);
        return;
      case 'Debugger.setBlackboxPatterns': {
        const patterns = blackboxSchema.safeParse(request.params).data?.patterns ?? [];
        this.#dispatch({ ...request, params: { patterns: [...patterns, internalPattern] } });
        return;
      }
      case 'Debugger.disable':
        // V8 lets go for this session, but says so to nobody whose debugger is off.
        this.#dispatch(request);
        this.#workload.resumed(this);
        return;
      case 'Debugger.enable':
        this.#dispatch(request);
        this.#dispatchOwn('Debugger.setBlackboxPatterns', { patterns: [internalPattern] });
        return;
      default:
        this.#dispatch(request);
    }
  }

  #dispatch(request: CdpRequest): void {
    this.#unanswered.add(request.id);
    this.#wakeUp.requested(request.id);
    this.#session.dispatch(request);
  }

  /** Sends a request of our own, whose answer nobody gets. Returns its id. */
  #dispatchOwn(method: string, params: object = {}): number {
    const id = this.#session.createId();
    this.#session.dispatch({ id, method, params });
    return id;
  }

  #onResponse(id: number, message: string): void {
    this.#wakeUp.answered(id);
    // What an earlier client of the session had asked is nobody's answer any more.
    if (this.#unanswered.delete(id)) this.#send(message);
    if (this.#farewells.delete(id) && this.#farewells.size === 0) {
      this.#wakeUp.stop();
      this.#workload.resumed(this);
      this.#giveBack();
    }
  }

  #onNotification(text: string): void {
    const message = cdpNotificationSchema.parse(JSON.parse(text));
    if (message.method === 'Debugger.paused') this.#workload.paused(this);
    if (message.method === 'Debugger.resumed') this.#workload.resumed(this);
    if (!this.#disposed && !this.#isHidden(message)) this.#send(text);
  }

  /** The runtime's own scripts, and contexts that V8 has not collected yet. */
  #isHidden({ method, params }: CdpNotification): boolean {
    switch (method) {
      case 'Debugger.scriptParsed':
      case 'Debugger.scriptFailedToParse': {
        const script = scriptParsedSchema.safeParse(params).data;
        return script !== undefined && isInternalUrl(script.url);
      }
      case 'Runtime.executionContextCreated': {
        const created = contextCreatedSchema.safeParse(params).data;
        return created !== undefined && !this.#workload.isLiveContext(created.context.id);
      }
      default:
        return false;
    }
  }
}

const isInternalUrl = (url: string) => url.startsWith(internalScheme) || url === '<isolated-vm>';
