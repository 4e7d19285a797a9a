import type ivm from 'isolated-vm';
import { z } from 'zod';
import { internalScheme, nexDevDomain } from '../../protocol/inspector.ts';
import { errorText } from '../../protocol/nexError.ts';
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
import { WakeUp } from './wakeUp.ts';

/** What a client's messages may do to the workload. */
export interface InspectedWorkload {
  readonly isolate: ivm.Isolate;
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

/** Frames and scripts of the runtime: never shown, never stepped into. */
const internalPattern = `^${internalScheme}`;

/** One CDP client: an inspector session of its own, and the repairs that every client needs. */
export class InspectorClient {
  readonly #session: ivm.InspectorSession;
  readonly #workload: InspectedWorkload;
  readonly #send: (message: string) => void;
  readonly #wakeUp: WakeUp;
  /** Requests of ours, answered to nobody. */
  #ownId = firstOwnId;
  #wantsOwnEvents = false;
  #disposed = false;

  constructor(workload: InspectedWorkload, send: (message: string) => void) {
    this.#workload = workload;
    this.#send = send;
    this.#session = workload.isolate.createInspectorSession();
    this.#session.onResponse = (id, message) => this.#onResponse(id, message);
    this.#session.onNotification = (message) => this.#onNotification(message);
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

  /** Idempotent; before the isolate's own disposal, which crashes on Windows with a session open. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#wakeUp.stop();
    this.#session.dispose();
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
    if (this.#disposed) return;
    try {
      this.#wakeUp.requested(request.id);
      this.#session.dispatchProtocolMessage(JSON.stringify(request));
    } catch (error) {
      this.#wakeUp.answered(request.id);
      this.#send(errorResult(request.id, -32_000, errorText(error)));
    }
  }

  #dispatchOwn(method: string, params: object = {}): void {
    if (this.#disposed || this.#workload.isolate.isDisposed) return;
    this.#ownId += 1;
    this.#session.dispatchProtocolMessage(JSON.stringify({ id: this.#ownId, method, params }));
  }

  #onResponse(id: number, message: string): void {
    if (id >= firstOwnId) return;
    this.#wakeUp.answered(id);
    this.#send(message);
  }

  #onNotification(text: string): void {
    const message = cdpNotificationSchema.parse(JSON.parse(text));
    if (message.method === 'Debugger.paused') this.#workload.paused(this);
    if (message.method === 'Debugger.resumed') this.#workload.resumed(this);
    if (!this.#isHidden(message)) this.#send(text);
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
