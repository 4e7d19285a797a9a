import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js';
import WebSocket from 'ws';
import { z } from 'zod';
import { NexError } from '../runtime/protocol/nexError.ts';

interface NexDevCommands {
  'NexDev.enable': { paramsType: []; returnType: object };
}
type Commands = ProtocolMapping.Commands & NexDevCommands;
type Events = ProtocolMapping.Events;

const messageSchema = z.union([
  z.object({ id: z.number().int(), result: z.unknown() }),
  z.object({
    id: z.number().int().nullable(),
    error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }),
  }),
  z.object({ method: z.string(), params: z.unknown() }),
]);

/** What V8 answered to a request that it refused. */
export class CdpError extends NexError {
  constructor(method: string, message: string) {
    super('cdp-refused', message, { cause: method });
  }
}

interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const openMs = 10_000;

/**
 * A client of one inspector. The envelope of each message is checked; what V8 puts into it is taken as the types of
 * `devtools-protocol` say.
 */
export class CdpConnection {
  /** Resolves when the other end is gone, or after `close`. */
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (params: unknown) => void>();
  #lastId = 0;
  #open = true;

  /** Throws the NexError `inspector-unreachable`. */
  static async open(url: string): Promise<CdpConnection> {
    // One message per turn, so that what a response lets run comes before the event that follows it.
    const socket = new WebSocket(url, {
      allowSynchronousEvents: false,
      perMessageDeflate: false,
      handshakeTimeout: openMs,
    });
    const connection = new CdpConnection(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (cause) =>
        reject(
          new NexError(
            'inspector-unreachable',
            `The inspector at ${url} does not answer: ${cause.message}`,
            { cause },
          ),
        ),
      );
    });
    return connection;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive((data as Buffer).toString('utf8')));
    // Followed by `close`, which is where it is dealt with.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#open = false;
        for (const { method, reject } of this.#waiting.values()) reject(goneError(method));
        this.#waiting.clear();
        resolve();
      });
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  send<Method extends keyof Commands>(
    method: Method,
    ...params: Commands[Method]['paramsType']
  ): Promise<Commands[Method]['returnType']> {
    return new Promise((resolve, reject) => {
      if (!this.#open) {
        reject(goneError(method));
        return;
      }
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { method, resolve: resolve as Waiting['resolve'], reject });
      this.#socket.send(JSON.stringify({ id: this.#lastId, method, params: params[0] ?? {} }));
    });
  }

  /** One listener per event: each has one owner. */
  on<Event extends keyof Events>(event: Event, listener: (params: Events[Event][0]) => void): void {
    this.#listeners.set(event, listener as (params: unknown) => void);
  }

  /** An event outside of V8's protocol; the listener parses it. */
  onOther(event: string, listener: (params: unknown) => void): void {
    this.#listeners.set(event, listener);
  }

  /** Idempotent. No event is reported any more. */
  close(): Promise<void> {
    this.#listeners.clear();
    this.#socket.close();
    return this.closed;
  }

  #receive(text: string): void {
    const message = messageSchema.parse(JSON.parse(text));
    if ('method' in message) {
      this.#listeners.get(message.method)?.(message.params);
      return;
    }
    if (message.id === null) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) {
      waiting?.reject(new CdpError(waiting.method, message.error.message));
    } else waiting?.resolve(message.result);
  }
}

const goneError = (method: string) =>
  new NexError('inspector-closed', 'The agent of this workload is gone.', { cause: method });
