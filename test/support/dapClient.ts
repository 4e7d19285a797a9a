import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { after } from 'mocha';
import type { TestNode } from './devNode.ts';

export const adapterPath = join(import.meta.dirname, '../../dist/debug-adapter.cjs');

const eventMs = 15_000;

/** What the published client keeps to itself. */
interface Internals {
  readonly outputStream: Writable;
  readonly _adapterProcess: ChildProcess | undefined;
  readonly _socket: Socket | undefined;
}

const open = new Set<DapClient>();

/** For `afterEach`: a session left over would follow its workload into the next test. */
export async function endClients(): Promise<void> {
  const clients = [...open];
  open.clear();
  await Promise.all(clients.map((client) => client.leave()));
}

/** A debug adapter process over stdio, and what a user of its client would do. */
export class DapClient extends DebugClient {
  readonly #waiting: DebugProtocol.Event[] = [];
  #left = false;
  #wake: () => void = () => undefined;
  /** All that was printed to the debug console. */
  printed = '';

  static async start(node: Pick<TestNode, 'environment'>): Promise<DapClient> {
    const client = new DapClient(process.execPath, adapterPath, 'nex', { env: node.environment });
    open.add(client);
    await client.start();
    return client;
  }

  /** An adapter that is no program of Node's, over stdio. */
  static async spawn(program: string): Promise<DapClient> {
    // The published client always has an argument for what it starts.
    const client = new DapClient('env', program, 'nex');
    open.add(client);
    await client.start();
    return client;
  }

  static async connect(port: number): Promise<DapClient> {
    const client = new DapClient('', '', 'nex');
    open.add(client);
    await client.start(port);
    return client;
  }

  private constructor(...args: ConstructorParameters<typeof DebugClient>) {
    super(...args);
    this.defaultTimeout = eventMs;
  }

  override emit(name: string | symbol, event: DebugProtocol.Event): boolean {
    if (name === 'output') this.printed += (event as DebugProtocol.OutputEvent).body.output;
    this.#waiting.push(event);
    this.#wake();
    return super.emit(name, event);
  }

  /** The next event of a kind that has not been asked for yet, also one that has come already. */
  async next<Body = unknown>(
    name: string,
    accepts: (body: Body) => boolean = () => true,
  ): Promise<Body> {
    const deadline = Date.now() + eventMs;
    for (;;) {
      const index = this.#waiting.findIndex(
        (one) => one.event === name && accepts(one.body as Body),
      );
      if (index >= 0) return this.#waiting.splice(index, 1)[0]?.body as Body;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`No event "${name}" came. Printed: ${this.printed}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Resolves when that text has come to the debug console. */
  async printedText(text: string): Promise<void> {
    while (!this.printed.includes(text)) await this.next('output');
  }

  /** Launches and sets breakpoints at these lines; everything runs when it resolves. */
  async debug(
    configuration: { program: string } & Record<string, unknown>,
    lines: readonly (number | DebugProtocol.SourceBreakpoint)[] = [],
    exceptions: string[] = [],
  ): Promise<DebugProtocol.Breakpoint[]> {
    await this.initializeRequest();
    await this.launchRequest(configuration as DebugProtocol.LaunchRequestArguments);
    const breakpoints = await this.breakAt(configuration.program, lines);
    await this.setExceptionBreakpointsRequest({ filters: exceptions });
    await this.configurationDoneRequest();
    return breakpoints;
  }

  /** Attaches as VS Code does, whose answer may come after the breakpoints; all runs when it resolves. */
  async attach(
    configuration: Record<string, unknown>,
    path: string,
    lines: readonly number[],
  ): Promise<void> {
    await this.initializeRequest();
    const attached = this.attachRequest(configuration);
    const refused = attached.then(() => new Promise<never>(() => undefined));
    await Promise.race([this.next('initialized'), refused]);
    await this.breakAt(path, lines);
    await this.configurationDoneRequest();
    await attached;
  }

  async breakAt(
    path: string,
    lines: readonly (number | DebugProtocol.SourceBreakpoint)[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const breakpoints = lines.map((line) => (typeof line === 'number' ? { line } : line));
    const response = await this.setBreakpointsRequest({ source: { path }, breakpoints });
    return response.body.breakpoints;
  }

  /** The client's process dies: its end of the pipe closes, and nothing was said. */
  vanish(): Promise<void> {
    this.#left = true;
    (this as unknown as Internals).outputStream.end();
    return this.#adapterExit();
  }

  override disconnectRequest(
    args: DebugProtocol.DisconnectArguments = {},
  ): Promise<DebugProtocol.DisconnectResponse> {
    this.#left = true;
    return super.disconnectRequest(args);
  }

  /** Ends the session, where that has not been done, and waits until its adapter is gone. */
  async leave(): Promise<void> {
    if (!this.#left) await this.disconnectRequest();
    await this.#adapterExit();
  }

  async #adapterExit(): Promise<void> {
    const { _adapterProcess: adapter, _socket: socket } = this as unknown as Internals;
    socket?.destroy();
    if (adapter?.exitCode === null) await once(adapter, 'exit');
  }

  /** Waits for a stop, of that reason where one is given, and says why and where it is. */
  async stopped(wanted?: string): Promise<Stop> {
    const { reason, threadId, text } = await this.next<DebugProtocol.StoppedEvent['body']>(
      'stopped',
      (body) => body.reason === (wanted ?? body.reason),
    );
    const { stackFrames } = (await this.stackTraceRequest({ threadId: threadId ?? 0 })).body;
    const top = stackFrames[0];
    if (top === undefined) throw new Error('It stopped without a frame.');
    const { id: frameId, line, source } = top;
    return {
      reason,
      line,
      threadId: threadId ?? 0,
      frameId,
      frames: stackFrames,
      ...(source?.path === undefined ? {} : { path: source.path }),
      ...(text === undefined ? {} : { text }),
    };
  }

  /** Waits until an invocation has ended. */
  async exited(thread: number): Promise<void> {
    await this.next(
      'thread',
      ({ reason, threadId }: DebugProtocol.ThreadEvent['body']) =>
        reason === 'exited' && threadId === thread,
    );
  }

  /** Variables of a frame's innermost scope (or of the one named) as `name: value`. */
  async variables(frameId: number, scope?: string): Promise<Record<string, string>> {
    const { scopes } = (await this.scopesRequest({ frameId })).body;
    const found = scope === undefined ? scopes[0] : scopes.find(({ name }) => name === scope);
    const variables = await this.children(found?.variablesReference ?? 0);
    return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
  }

  async children(
    variablesReference: number,
    page: Omit<DebugProtocol.VariablesArguments, 'variablesReference'> = {},
  ): Promise<DebugProtocol.Variable[]> {
    return (await this.variablesRequest({ variablesReference, ...page })).body.variables;
  }

  async value(
    expression: string,
    frameId?: number,
    context?: DebugProtocol.EvaluateArguments['context'],
  ): Promise<string> {
    const frame = frameId === undefined ? {} : { frameId };
    const kind = context === undefined ? {} : { context };
    return (await this.evaluateRequest({ expression, ...frame, ...kind })).body.result;
  }

  async continue(threadId: number): Promise<void> {
    await this.continueRequest({ threadId });
  }
}

export interface Stop {
  readonly reason: string;
  readonly line: number;
  readonly path?: string;
  readonly text?: string;
  readonly threadId: number;
  readonly frameId: number;
  readonly frames: DebugProtocol.StackFrame[];
}

/** Writes files into a directory that goes with the suite; answers the path of the first. */
export async function writeProgram(
  files: Record<string, string | Uint8Array>,
): Promise<{ program: string; path: (name: string) => string }> {
  const directory = await mkdtemp(join(tmpdir(), 'nexdev-dap-'));
  after(() => rm(directory, { recursive: true, force: true }));
  const path = (name: string) => join(directory, name);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  }
  return { program: path(Object.keys(files)[0] ?? ''), path };
}
