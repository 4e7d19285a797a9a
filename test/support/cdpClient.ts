import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

const messageSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

type Parameters = Record<string, unknown>;

/** A CDP client that knows nothing of us, as Chrome DevTools would be. */
export class CdpClient {
  readonly events: { method: string; params: Parameters }[] = [];
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (result: Parameters) => void>();
  readonly #unread: { method: string; params: Parameters }[] = [];
  #wake: () => void = () => undefined;
  #lastId = 0;

  static async connect(url: string, headers: Record<string, string> = {}): Promise<CdpClient> {
    const socket = new WebSocket(url, { headers });
    await once(socket, 'open');
    return new CdpClient(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#receive((data as Buffer).toString()));
  }

  /** The result, or `{ error }`. */
  send(method: string, params: Parameters = {}): Promise<Parameters> {
    const id = (this.#lastId += 1);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  /** The next event of that name that nobody has been given, also one that has come already. */
  async event(method: string): Promise<Parameters> {
    for (;;) {
      const index = this.#unread.findIndex((each) => each.method === method);
      const [found] = index < 0 ? [] : this.#unread.splice(index, 1);
      if (found !== undefined) return found.params;
      await new Promise<void>((wake) => (this.#wake = wake));
    }
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    const { id, method, params = {}, result, error } = messageSchema.parse(JSON.parse(text));
    if (id !== undefined) {
      this.#answers.get(id)?.(result ?? { error: error?.message });
      this.#answers.delete(id);
    } else if (method !== undefined) {
      this.events.push({ method, params });
      this.#unread.push({ method, params });
      this.#wake();
    }
  }
}
