import { Session } from 'node:inspector';
import type { Position } from './sourceMap.ts';

/**
 * Where V8 can stop in a script, asked of this process's own V8: the isolate knows its script only from the first
 * invocation on, and a breakpoint wants its place before. The text is compiled, never run.
 */
export async function findBreakLocations(text: string): Promise<Position[]> {
  const session = new Session();
  session.connect();
  try {
    const scriptId = await compile(session, text);
    return scriptId === undefined ? [] : await allLocations(session, scriptId);
  } finally {
    session.disconnect();
  }
}

/** V8 gives at most a thousand at once. */
async function allLocations(session: Session, scriptId: string): Promise<Position[]> {
  const found: Position[] = [];
  let start: Position | undefined = { line: 0, column: 0 };
  while (start !== undefined) {
    const page = await locationsFrom(session, scriptId, start);
    found.push(...page);
    const last = page.at(-1);
    start = last && { line: last.line, column: last.column + 1 };
  }
  return found;
}

function locationsFrom(session: Session, scriptId: string, from: Position): Promise<Position[]> {
  const start = { scriptId, lineNumber: from.line, columnNumber: from.column };
  const isAfter = ({ line, column }: Position) =>
    line > from.line || (line === from.line && column >= from.column);
  return new Promise((resolve) => {
    session.post('Debugger.getPossibleBreakpoints', { start }, (error, result) => {
      const locations = error === null ? result.locations : [];
      const positions = locations.map(({ lineNumber: line, columnNumber: column = 0 }) => ({
        line,
        column,
      }));
      // Past the end V8 gives the last place of the script.
      resolve(positions.filter(isAfter));
    });
  });
}

function compile(session: Session, expression: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    session.post('Debugger.enable');
    session.post('Runtime.enable');
    session.post(
      'Runtime.compileScript',
      { expression, sourceURL: '', persistScript: true },
      (error, result) => resolve(error === null ? result.scriptId : undefined),
    );
  });
}
