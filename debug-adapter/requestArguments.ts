import type { DebugProtocol } from '@vscode/debugprotocol';
import { z } from 'zod';

/** The members of DAP's request arguments that the adapter looks at. */

const source = z
  .looseObject({
    name: z.string().optional(),
    path: z.string().optional(),
    sourceReference: z.number().int().optional(),
  })
  .transform((value) => value as DebugProtocol.Source);

export const initialize = z.looseObject({
  pathFormat: z.literal('path').default('path'),
  linesStartAt1: z.literal(true).default(true),
  columnsStartAt1: z.literal(true).default(true),
  supportsInvalidatedEvent: z.boolean().default(false),
});

export const restart = z.looseObject({ arguments: z.unknown().optional() });

export const disconnect = z.looseObject({ terminateDebuggee: z.boolean().default(false) });

/** Clients count from 1, we as CDP from 0. */
const fromOne = z
  .number()
  .int()
  .transform((number) => Math.max(0, number - 1));

const breakpoint = z.object({
  line: fromOne,
  column: fromOne.optional(),
  condition: z.string().optional(),
  hitCondition: z.string().optional(),
  logMessage: z.string().optional(),
});

export const setBreakpoints = z
  .looseObject({
    source,
    breakpoints: z.array(breakpoint).optional(),
    /** From before DAP had conditions. */
    lines: z.array(fromOne).default([]),
  })
  .transform(({ source, breakpoints, lines }) => ({
    source,
    breakpoints: breakpoints ?? lines.map((line) => ({ line })),
  }));

export const setInstructionBreakpoints = z.looseObject({
  breakpoints: z
    .array(
      z.object({
        instructionReference: z.string(),
        offset: z.number().int().default(0),
        condition: z.string().optional(),
        hitCondition: z.string().optional(),
      }),
    )
    .default([]),
});

export const disassemble = z.looseObject({
  memoryReference: z.string(),
  /** In bytes. */
  offset: z.number().int().default(0),
  instructionOffset: z.number().int().default(0),
  instructionCount: z.number().int().min(0).max(100_000),
});

export const readMemory = z.looseObject({
  memoryReference: z.string(),
  offset: z.number().int().default(0),
  count: z.number().int().min(0),
});

export const breakpointLocations = z.looseObject({
  source,
  line: fromOne,
  column: fromOne.default(0),
  endLine: fromOne.optional(),
  /** Inclusive. */
  endColumn: fromOne.optional(),
});

export const setExceptionBreakpoints = z.looseObject({ filters: z.array(z.string()).default([]) });

export const stackTrace = z.looseObject({
  startFrame: z.number().int().min(0).default(0),
  levels: z.number().int().min(0).default(0),
});

export const frame = z.looseObject({ frameId: z.number().int() });

export const variables = z.object({
  variablesReference: z.number().int(),
  filter: z.enum(['indexed', 'named']).optional(),
  start: z.number().int().min(0).optional(),
  /** 0 means all. */
  count: z
    .number()
    .int()
    .min(0)
    .optional()
    .transform((count) => (count === 0 ? undefined : count)),
});

export const setVariable = z.looseObject({
  variablesReference: z.number().int(),
  name: z.string(),
  value: z.string(),
});

export const setExpression = z.looseObject({
  expression: z.string(),
  value: z.string(),
  frameId: z.number().int().optional(),
});

export const evaluate = z.looseObject({
  expression: z.string(),
  frameId: z.number().int().optional(),
  context: z.enum(['repl', 'hover', 'watch', 'clipboard', 'variables']).catch('repl'),
});

export const sourceText = z.looseObject({
  source: source.optional(),
  sourceReference: z.number().int().default(0),
});
