import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type ivm from 'isolated-vm';
import { WebSocketServer, type WebSocket } from 'ws';
import { holdParameter, nexDevDomain, type InvocationStarted } from '../../protocol/inspector.ts';
import { InspectorClient } from './inspectorClient.ts';
import { SessionPool } from './sessionPool.ts';

/** How the run loop is told what debuggers do. */
export interface InspectorListener {
  attached(): void;
  released(): void;
  paused(): void;
  resumed(): void;
}

export interface Inspected {
  readonly title: string;
  readonly scriptUrl: string;
  readonly isolate: ivm.Isolate;
  isLiveContext(contextId: number): boolean;
}

/**
 * The inspector of one workload, on 127.0.0.1 under an unguessable path: `/json/version`, `/json/list`, a CDP WebSocket.
 * Any number of clients at once.
 */
export class InspectorServer {
  readonly url: string;
  readonly #http: ReturnType<typeof createServer>;
  readonly #inspected: Inspected;
  readonly #listener: InspectorListener;
  readonly #path: string;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  readonly #sessions: SessionPool;
  readonly #clients = new Set<InspectorClient>();
  readonly #holding = new Set<InspectorClient>();
  readonly #pausedClients = new Set<InspectorClient>();
  #disposed = false;

  static async start(inspected: Inspected, listener: InspectorListener): Promise<InspectorServer> {
    const http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new InspectorServer(http, inspected, listener);
  }

  private constructor(
    http: ReturnType<typeof createServer>,
    inspected: Inspected,
    listener: InspectorListener,
  ) {
    this.#http = http;
    this.#inspected = inspected;
    this.#sessions = new SessionPool(inspected.isolate);
    this.#listener = listener;
    this.#path = `/${randomUUID()}`;
    this.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}${this.#path}`;
    http.on('request', (request, response) => this.#answer(request, response));
    http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  invocationStarted(invocation: InvocationStarted): void {
    for (const client of this.#clients) {
      client.sendOwnEvent(nexDevDomain.invocationStarted, invocation);
    }
  }

  /** An event of our own domain, to the clients that asked for them. */
  broadcast(method: string, params: object): void {
    for (const client of this.#clients) client.sendOwnEvent(method, params);
  }

  contextGone(contextId: number): void {
    for (const client of this.#clients) client.contextDestroyed(contextId);
  }

  get hasClients(): boolean {
    return this.#clients.size > 0;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const client of this.#clients) client.dispose(true);
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (!isLocalRequest(request)) {
      response.writeHead(403).end('This inspector answers local programs only.\n');
      return;
    }
    const body = this.#discovery(request.url ?? '');
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(body, undefined, 2));
  }

  #discovery(path: string): unknown {
    switch (path.split('?')[0]) {
      case '/json/version':
        return { Browser: `nex-devrun/node.js/${process.version}`, 'Protocol-Version': '1.3' };
      case '/json':
      case '/json/list':
        return [
          {
            description: 'Nex function',
            id: this.#path.slice(1),
            title: this.#inspected.title,
            type: 'node',
            url: this.#inspected.scriptUrl,
            webSocketDebuggerUrl: this.url,
          },
        ];
      default:
        return undefined;
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Whoever knocks may be gone before the answer; without a listener that would end this process.
    socket.on('error', () => socket.destroy());
    const url = URL.parse(request.url ?? '/', this.url);
    if (!isLocalRequest(request) || url?.pathname !== this.#path || this.#disposed) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      this.#connect(webSocket, url.searchParams.get(holdParameter) === '1');
    });
  }

  #connect(socket: WebSocket, hold: boolean): void {
    const client: InspectorClient = new InspectorClient(
      {
        isLiveContext: (id) => this.#inspected.isLiveContext(id),
        paused: (who) => this.#paused(who),
        resumed: (who) => this.#resumed(who),
        released: (who) => this.#released(who),
      },
      this.#sessions,
      (message) => socket.send(message),
    );
    this.#clients.add(client);
    this.#listener.attached();
    if (hold) {
      this.#holding.add(client);
    }
    socket.on('message', (data) => client.receive((data as Buffer).toString('utf8')));
    // A broken socket is followed by `close`, which is where we clean up.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#disconnect(client));
  }

  #disconnect(client: InspectorClient): void {
    this.#clients.delete(client);
    client.dispose(this.#clients.size === 0);
    if (this.#holding.delete(client)) this.#listener.released();
  }

  #released(client: InspectorClient): void {
    this.#holding.delete(client);
    this.#listener.released();
  }

  /** Every session reports a pause; the run loop hears of the first and of the last to go on. */
  #paused(client: InspectorClient): void {
    const first = this.#pausedClients.size === 0;
    this.#pausedClients.add(client);
    if (first) this.#listener.paused();
  }

  #resumed(client: InspectorClient): void {
    if (this.#pausedClients.delete(client) && this.#pausedClients.size === 0) {
      this.#listener.resumed();
    }
  }

  get isHeld(): boolean {
    return this.#holding.size > 0;
  }
}

/** Against web pages: a browser names its page in Origin, and a rebound DNS name shows in Host. */
function isLocalRequest(request: IncomingMessage): boolean {
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  const localHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
  const debuggerOrigin = origin === undefined || /^(devtools|chrome-devtools):\/\//.test(origin);
  return localHost && debuggerOrigin;
}
