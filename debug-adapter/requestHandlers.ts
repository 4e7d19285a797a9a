import { z } from 'zod';
import { possibleLocations } from './breakpointLocations.ts';
import { capabilities } from './capabilities.ts';
import type { Debuggee } from './debuggee.ts';
import { readBytes } from './memory.ts';
import * as schemas from './requestArguments.ts';
import { listInstructions } from './instructions.ts';
import type { SessionLife } from './sessionLife.ts';

/** Answers one kind of request: resolves to the response's body, rejects with what is wrong. */
export type RequestHandler = (args: unknown) => unknown;

function on<Args>(schema: z.ZodType<Args>, handle: (args: Args) => unknown): RequestHandler {
  return (args) => handle(schema.parse(args ?? {}));
}

const none = z.unknown();

/** Every request that the adapter answers, each with the owner of its answer. */
export function createRequestHandlers(
  life: SessionLife,
  debuggee: Debuggee,
): Readonly<Partial<Record<string, RequestHandler>>> {
  const { breakpoints, evaluation, exceptions, frames, invocations, pauses, scopes, variables } =
    debuggee;
  return {
    initialize: on(schemas.initialize, ({ supportsInvalidatedEvent }) => {
      invocations.mayInvalidate = supportsInvalidatedEvent;
      return capabilities;
    }),
    launch: on(none, (args) => life.launch(args)),
    attach: on(none, (args) => life.attach(args)),
    configurationDone: on(none, () => life.configurationDone()),
    restart: on(schemas.restart, ({ arguments: args }) => life.restart(args)),
    terminate: on(none, () => life.terminate()),
    disconnect: on(schemas.disconnect, (args) => life.disconnect(args.terminateDebuggee)),
    setBreakpoints: on(schemas.setBreakpoints, async ({ source, breakpoints: wanted }) => ({
      breakpoints: await breakpoints.set(source, wanted),
    })),
    setInstructionBreakpoints: on(
      schemas.setInstructionBreakpoints,
      async ({ breakpoints: wanted }) => ({
        breakpoints: await breakpoints.setInstructions(wanted),
      }),
    ),
    readMemory: on(schemas.readMemory, (args) => readBytes(debuggee.cdp, args)),
    disassemble: on(schemas.disassemble, (args) =>
      listInstructions(debuggee.scripts.sources, args),
    ),
    breakpointLocations: on(schemas.breakpointLocations, (args) =>
      possibleLocations(breakpoints, args),
    ),
    setExceptionBreakpoints: on(schemas.setExceptionBreakpoints, ({ filters }) =>
      exceptions.set(filters, debuggee.isConnected ? debuggee.cdp : undefined),
    ),
    exceptionInfo: on(none, () => exceptions.info(pauses.current)),
    threads: on(none, () => ({ threads: invocations.list() })),
    stackTrace: on(schemas.stackTrace, ({ startFrame, levels }) => {
      pauses.requireStop();
      return frames.list(startFrame, levels);
    }),
    scopes: on(schemas.frame, ({ frameId }) => ({ scopes: scopes.of(frameId) })),
    variables: on(schemas.variables, async ({ variablesReference, ...page }) => ({
      variables: await variables.children(variablesReference, page),
    })),
    setVariable: on(schemas.setVariable, async ({ variablesReference, name, value }) => {
      const { frameId = frames.topId } = variables.get(variablesReference);
      return variables.set(variablesReference, name, await evaluation.value(value, frameId));
    }),
    setExpression: on(schemas.setExpression, ({ expression, value, frameId }) =>
      evaluation.setExpression(expression, value, frameId),
    ),
    evaluate: on(schemas.evaluate, ({ expression, frameId, context }) =>
      evaluation.evaluate(expression, frameId, context),
    ),
    continue: on(none, () => pauses.continue()),
    next: on(none, () => pauses.step('stepOver')),
    stepIn: on(none, () => pauses.step('stepInto')),
    stepOut: on(none, () => pauses.step('stepOut')),
    pause: on(none, () => pauses.pause()),
    source: on(schemas.sourceText, ({ source, sourceReference }) =>
      debuggee.scripts.sources.text(source?.sourceReference ?? sourceReference),
    ),
    loadedSources: on(none, async () => ({ sources: await debuggee.scripts.sources.all() })),
  };
}
