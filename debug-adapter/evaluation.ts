import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import { toCallArgument } from './callArgument.ts';
import { exceptionText } from './exceptionText.ts';
import type { Invocations } from './invocations.ts';
import type { Scripts } from './scripts.ts';
import type { KnownFrame, StackFrames } from './stackFrames.ts';
import { findSyntaxFault } from './syntaxFault.ts';
import type { RemoteObject, ShownValue } from './variable.ts';
import type { Variables } from './variables.ts';

export type EvaluateContext = 'repl' | 'hover' | 'watch' | 'clipboard' | 'variables';

type Evaluated = Protocol.Runtime.EvaluateResponse;

/** A watch or a hover that takes longer than this is given up, in ms. */
const quietLimitMs = 2000;

/** Expressions of the user's, in a frame of the stop or in the running invocation. */
export class Evaluation {
  readonly #host: AdapterHost;
  readonly #scripts: Scripts;
  readonly #frames: StackFrames;
  readonly #variables: Variables;
  readonly #invocations: Invocations;

  constructor(
    host: AdapterHost,
    scripts: Scripts,
    frames: StackFrames,
    variables: Variables,
    invocations: Invocations,
  ) {
    this.#host = host;
    this.#scripts = scripts;
    this.#frames = frames;
    this.#variables = variables;
    this.#invocations = invocations;
  }

  async evaluate(
    expression: string,
    frameId: number | undefined,
    context: EvaluateContext,
  ): Promise<DebugProtocol.EvaluateResponse['body']> {
    const value = await this.value(expression, frameId, context);
    if (context === 'clipboard') {
      return { result: await this.#literal(value), variablesReference: 0 };
    }
    const lifetime = context === 'repl' ? 'console' : 'stop';
    return toBody(this.#variables.show(value, { evaluateName: expression, lifetime }));
  }

  /** Throws what the expression throws, as a NexError `evaluate-failed`. */
  async value(
    expression: string,
    frameId: number | undefined,
    context: EvaluateContext = 'repl',
  ): Promise<RemoteObject> {
    const text = asExpression(expression);
    const { result, exceptionDetails } = await (frameId === undefined
      ? this.#inInvocation(text, context)
      : this.#inFrame(text, this.#frames.get(frameId), context));
    if (exceptionDetails === undefined) return result;
    throw new NexError('evaluate-failed', exceptionText(exceptionDetails));
  }

  async setExpression(
    target: string,
    value: string,
    frameId: number | undefined,
  ): Promise<ShownValue> {
    const result = await this.value(`${target} = (${value}\n)`, frameId);
    return this.#variables.show(result, { evaluateName: target });
  }

  #inFrame(
    expression: string,
    { frame, user }: KnownFrame,
    context: EvaluateContext,
  ): Promise<Evaluated> {
    if (frame === undefined || user === undefined) {
      throw new NexError('async-frame', 'Nothing can be evaluated in async stacks.');
    }
    return this.#host.cdp.send('Debugger.evaluateOnCallFrame', {
      callFrameId: frame.callFrameId,
      expression: this.#scripts.sources.code.expressionAt(user.generated, expression),
      ...evaluateOptions(context),
    });
  }

  #inInvocation(expression: string, context: EvaluateContext): Promise<Evaluated> {
    const contextId = this.#invocations.current?.contextId;
    if (contextId === undefined) {
      throw new NexError('nothing-runs', 'No invocation runs that this could be evaluated in.', {
        remedy: 'Send a message and stop in it: each invocation has globals of its own.',
      });
    }
    return this.#host.cdp.send('Runtime.evaluate', {
      contextId,
      expression,
      replMode: context === 'repl',
      awaitPromise: context === 'repl',
      ...evaluateOptions(context),
    });
  }

  /** A value as text that can be pasted into a program. */
  async #literal(value: RemoteObject): Promise<string> {
    if (value.objectId === undefined) {
      return value.type === 'string' ? String(value.value) : (value.description ?? 'undefined');
    }
    const { result, exceptionDetails } = await this.#host.cdp.send('Runtime.callFunctionOn', {
      objectId: value.objectId,
      functionDeclaration: literalFunction,
      arguments: [toCallArgument(value)],
      silent: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) {
      throw new NexError('evaluate-failed', exceptionText(exceptionDetails));
    }
    return String(result.value);
  }
}

const literalFunction = `function (value) {
  if (typeof value === 'function') return String(value);
  const seen = new Set();
  return JSON.stringify(value, (key, v) => {
    if (typeof v === 'bigint') return String(v);
    if (typeof v !== 'object' || v === null) return v;
    if (seen.has(v)) return '[seen before]';
    seen.add(v);
    if (v instanceof Map) return [...v];
    if (v instanceof Set || ArrayBuffer.isView(v)) return Array.from(v);
    return v;
  }, 2) ?? String(value);
}`;

const isQuiet = (context: EvaluateContext) => context === 'hover' || context === 'watch';

/** A hover never changes anything; what throws in an expression never stops. */
const evaluateOptions = (context: EvaluateContext) => ({
  objectGroup: context === 'repl' ? 'console' : 'stop',
  includeCommandLineAPI: context === 'repl',
  silent: true,
  generatePreview: true,
  throwOnSideEffect: context === 'hover',
  ...(isQuiet(context) ? { timeout: quietLimitMs } : {}),
});

/** `{a: 1}` is meant as an object. */
function asExpression(text: string): string {
  const looksLikeObject = /^\s*\{[^]*\}\s*;?\s*$/.test(text);
  const wrapped = `(${text.replace(/;\s*$/, '')}\n)`;
  return looksLikeObject && findSyntaxFault(wrapped) === undefined ? wrapped : text;
}

const toBody = ({ value, ...shown }: ShownValue) => ({ result: value, ...shown });
