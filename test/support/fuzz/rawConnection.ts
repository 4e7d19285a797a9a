import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { FuzzMessage } from './messages.ts';

/** A connection that sends what no client library would: any header block, any subject. */
export class RawConnection {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(url: string, user: string, password: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.setNoDelay();
    const raw = new RawConnection(socket);
    const options = { verbose: false, pedantic: false, headers: true, user, pass: password };
    socket.write(`CONNECT ${JSON.stringify(options)}\r\nPING\r\n`);
    raw.#answerPings();
    await raw.#pong();
    return raw;
  }

  send({ subject, body, headers }: FuzzMessage, reply: string): void {
    const head = [subject, ...(reply === '' ? [] : [reply])].join(' ');
    const line =
      headers === undefined
        ? `PUB ${head} ${body.length}`
        : `HPUB ${head} ${headers.length} ${headers.length + body.length}`;
    this.#socket.write(
      Buffer.concat([Buffer.from(`${line}\r\n`), headers ?? new Uint8Array(), body, crlf]),
    );
  }

  /** The server has taken all that was sent before. */
  async flush(): Promise<void> {
    const pong = this.#pong();
    this.#socket.write('PING\r\n');
    await pong;
  }

  close(): void {
    this.#socket.destroy();
  }

  readonly #pongs: PromiseWithResolvers<void>[] = [];
  /** What the server complained of. */
  readonly #errors: string[] = [];

  /** Rejects where the server ends the connection. */
  #pong(): Promise<void> {
    const pong = Promise.withResolvers<void>();
    this.#pongs.push(pong);
    return pong.promise;
  }

  #answerPings(): void {
    const lines = createInterface({ input: this.#socket });
    lines.on('line', (line) => {
      if (line === 'PING') this.#socket.write('PONG\r\n');
      if (line === 'PONG') this.#pongs.shift()?.resolve();
      if (line.startsWith('-ERR')) this.#errors.push(line);
    });
    this.#socket.on('close', () => {
      const error = new Error(`nats-server has ended the connection: ${this.#errors.join(', ')}`);
      for (const pong of this.#pongs.splice(0)) pong.reject(error);
    });
  }
}

const crlf = Buffer.from('\r\n');
