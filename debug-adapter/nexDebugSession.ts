import { DebugSession, Event, OutputEvent, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { ZodError, prettifyError } from 'zod';
import { explainNats } from '../runtime/protocol/natsFailures.ts';
import { NexError, describeError } from '../runtime/protocol/nexError.ts';
import { attachTarget } from './attachTarget.ts';
import { isCopy } from './copyArguments.ts';
import { copyTarget } from './copyTarget.ts';
import { Debuggee } from './debuggee.ts';
import { launchTarget } from './launchTarget.ts';
import { createRequestHandlers, type RequestHandler } from './requestHandlers.ts';
import { SessionLife } from './sessionLife.ts';
import type { DebugTargets } from './target.ts';

/**
 * The product's own targets: a node, found or started.
 *
 * @param login a `NatsTarget` that stands above what is in a configuration
 */
export const createNodeTargets = (login: object = {}): DebugTargets => ({
  launch: (args, report) =>
    (isCopy(args) ? copyTarget : launchTarget)(withLogin(args, login), report),
  attach: (args, report) => attachTarget(withLogin(args, login), report),
});

const withLogin = (args: unknown, login: object): unknown =>
  typeof args === 'object' ? { ...args, ...login } : args;

/** One DAP session on one pair of streams. Every request gets exactly one response. */
export class NexDebugSession extends DebugSession {
  readonly #leaving = new AbortController();
  readonly #life: SessionLife;
  readonly #handlers: Readonly<Partial<Record<string, RequestHandler>>>;
  readonly #onEnd: () => void;

  /** @param onEnd called once, when the client is gone and everything is cleaned up */
  constructor(onEnd: () => void, targets: DebugTargets = createNodeTargets()) {
    super();
    this.#onEnd = onEnd;
    const print = (text: string, category = 'console') =>
      this.sendEvent(new OutputEvent(text, category));
    const inBackground = (work: Promise<unknown>) => {
      work.catch((error: unknown) => {
        if (!this.#isExpected(error)) print(`${describeError(error)}\n`, 'stderr');
      });
    };
    const { signal } = this.#leaving;
    const events = {
      print,
      inBackground,
      sendEvent: (event: DebugProtocol.Event) => this.sendEvent(event),
    };
    const debuggee = new Debuggee(events, signal, (reason) => this.#life.end(reason));
    this.#life = new SessionLife({
      debuggee,
      targets,
      report: { print, signal },
      sendEvent: (event) => this.sendEvent(new Event(event)),
      inBackground,
    });
    this.#handlers = createRequestHandlers(this.#life, debuggee);
  }

  /** The client is gone, by saying so or without a word. Idempotent. */
  override shutdown(): void {
    if (this.#leaving.signal.aborted) return;
    this.#leaving.abort();
    void this.#dispose()
      .catch((error: unknown) => process.stderr.write(`${describeError(error)}\n`))
      .finally(() => this.#onEnd());
  }

  #dispose(): Promise<void> {
    return this.#life[Symbol.asyncDispose]();
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.#answer(request);
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    try {
      const handler = this.#handlers[request.command];
      if (handler === undefined) {
        throw new NexError('unsupported', `The request "${request.command}" is not supported.`);
      }
      response.body = await handler(request.arguments);
      this.sendResponse(response);
    } catch (error) {
      this.sendResponse(describeFailure(response, error));
    }
    if (request.command === 'disconnect') this.shutdown();
  }

  /** An agent that is gone has been told of; what a session that ends leaves unfinished is nobody's concern. */
  #isExpected(error: unknown): boolean {
    return (
      this.#leaving.signal.aborted ||
      (error instanceof NexError && error.code === 'inspector-closed')
    );
  }
}

function describeFailure(
  response: DebugProtocol.Response,
  thrown: unknown,
): DebugProtocol.ErrorResponse {
  const error = explainNats(thrown);
  const text =
    error instanceof ZodError
      ? `The request "${response.command}" is malformed: ${prettifyError(error)}`
      : describeError(error);
  const code = error instanceof NexError ? error.code : 'internal';
  return {
    ...response,
    success: false,
    message: text,
    body: {
      error: {
        id: errorId(code),
        // Braces in the text would be taken for variables.
        format: '{text}',
        variables: { text, code },
        showUser: shownToUser.has(response.command),
      },
    },
  };
}

/** DAP wants a number: the same one for the same code, always. */
const errorId = (code: string) =>
  code.split('').reduce((id, character) => (id * 31 + character.charCodeAt(0)) % 1_000_003, 7);

const shownToUser: ReadonlySet<string> = new Set(['launch', 'attach', 'restart', 'terminate']);
