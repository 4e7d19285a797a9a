import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { join } from 'node:path';

export interface Stop {
  readonly threadId: number;
  readonly reason: string;
  readonly frame: DebugProtocol.StackFrame;
}

/** One session with the built debug adapter over stdio, as an editor would hold it. */
export class DebugSession {
  readonly #client: DebugClient;

  static async start(environment: NodeJS.ProcessEnv): Promise<DebugSession> {
    const adapter = join(import.meta.dirname, '../../dist/debug-adapter.cjs');
    const client = new DebugClient(process.execPath, adapter, 'nex', { env: environment });
    await client.start();
    return new DebugSession(client);
  }

  private constructor(client: DebugClient) {
    this.#client = client;
    client.defaultTimeout = 20_000;
  }

  /** Launches a function on a subject with one breakpoint; messages are taken when this resolves. */
  async launch(
    program: string,
    subject: string,
    server: string,
    breakpoint: DebugProtocol.SourceBreakpoint,
  ): Promise<DebugProtocol.Breakpoint | undefined> {
    const initialized = this.#client.waitForEvent('initialized');
    await this.#client.initializeRequest();
    const launched = this.#client.launchRequest({
      program,
      subject,
      server,
    } as DebugProtocol.LaunchRequestArguments);
    await Promise.all([launched, initialized]);
    const { body } = await this.#client.setBreakpointsRequest({
      source: { path: program },
      breakpoints: [breakpoint],
    });
    await this.#client.configurationDoneRequest();
    return body.breakpoints[0];
  }

  setBreakpoint(program: string, breakpoint: DebugProtocol.SourceBreakpoint) {
    return this.#client.setBreakpointsRequest({
      source: { path: program },
      breakpoints: [breakpoint],
    });
  }

  /** Resolves at the next stop; ask before you do what makes it stop. */
  async nextStop(): Promise<Stop> {
    const event = (await this.#client.waitForEvent('stopped')) as DebugProtocol.StoppedEvent;
    const threadId = event.body.threadId ?? 0;
    const { stackFrames } = (await this.#client.stackTraceRequest({ threadId })).body;
    const frame = stackFrames[0];
    if (frame === undefined) throw new Error('the adapter stopped without a frame');
    return { threadId, reason: event.body.reason, frame };
  }

  /** Local variables at a stop, from the adapter's `variables` response. */
  async locals({ frame }: Stop): Promise<Map<string, DebugProtocol.Variable>> {
    const { scopes } = (await this.#client.scopesRequest({ frameId: frame.id })).body;
    const local = scopes[0];
    if (local === undefined) throw new Error('the adapter gave no scope');
    const variables = await this.#children(local.variablesReference);
    return new Map(variables.map((variable) => [variable.name, variable]));
  }

  /** The text in a byte array, read element by element. */
  async textOf(bytes: DebugProtocol.Variable): Promise<string> {
    const elements = await this.#children(bytes.variablesReference, 'indexed');
    return String.fromCharCode(...elements.map(({ value }) => Number(value)));
  }

  async step({ threadId }: Stop): Promise<void> {
    await this.#client.nextRequest({ threadId });
  }

  async continue({ threadId }: Stop): Promise<void> {
    await this.#client.continueRequest({ threadId });
  }

  async stop(): Promise<void> {
    await this.#client.stop();
  }

  async #children(variablesReference: number, filter?: 'indexed') {
    const request = filter === undefined ? {} : { filter };
    return (await this.#client.variablesRequest({ variablesReference, ...request })).body.variables;
  }
}
