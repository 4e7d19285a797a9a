import type { DebugProtocol } from '@vscode/debugprotocol';
import type { z } from 'zod';
import type { Breakpoints } from './breakpoints.ts';
import type { breakpointLocations } from './requestArguments.ts';

/** Where breakpoints can be in the range that a client asks for, which counts its end as part of it. */
export async function possibleLocations(
  breakpoints: Breakpoints,
  args: z.infer<typeof breakpointLocations>,
): Promise<DebugProtocol.BreakpointLocationsResponse['body']> {
  const { source, line, column, endLine = line, endColumn } = args;
  const end =
    endColumn === undefined
      ? { line: endLine + 1, column: 0 }
      : { line: endLine, column: endColumn + 1 };
  const found = await breakpoints.possible(source, { line, column }, end);
  return { breakpoints: found.map((at) => ({ line: at.line + 1, column: at.column + 1 })) };
}
