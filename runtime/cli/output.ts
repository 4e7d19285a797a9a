import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { ErrorLine } from '../protocol/cliLines.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { warningText, type Warning } from '../protocol/warnings.ts';

type Style = Parameters<typeof styleText>[0];

/** Styled where standard output is a terminal that shows it. */
export const styled = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout });

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** For what is not the result: notices, warnings, progress. */
export const printNotice = (text: string): void => void process.stderr.write(`${text}\n`);

/** What shells report of a program that ended because nobody reads its output (128 + SIGPIPE). */
const closedPipeCode = 141;

/** `Warning: echo.js:1:9: …`, with paths from the working directory, as compilers write them. */
export function printWarnings(warnings: readonly Warning[]): void {
  for (const warning of warnings) printNotice(`Warning: ${warningText(warning, shownPath)}`);
}

function shownPath(path: string): string {
  const shown = relative(process.cwd(), path);
  return shown.startsWith('..') ? path : shown;
}

/**
 * Ends the verb when the reader of its output has gone (`nexdev logs | head`) or the terminal has: in order where it has
 * something to end, else at once and without a word of the shell's.
 */
export function endOnClosedPipe(): void {
  let isClosed = false;
  const end = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    if (process.listenerCount('SIGTERM') === 0) process.exit(closedPipeCode);
    if (!isClosed) process.kill(process.pid, 'SIGTERM');
    isClosed = true;
  };
  process.stdout.on('error', end);
  process.stderr.on('error', end);
}

/** What went wrong and what to do; one JSON line (`errorLineSchema`) where the verb was asked for JSON. */
export function printError(thrown: unknown, json: boolean): void {
  const explained = explainNats(thrown);
  const error =
    explained instanceof NexError ? explained : new NexError('internal', errorText(thrown), {});
  const { code, message, remedy, diagnostics } = error;
  if (json) {
    const line: ErrorLine = {
      error: {
        code,
        message,
        ...(remedy === undefined ? {} : { remedy }),
        ...(diagnostics.length === 0 ? {} : { diagnostics: [...diagnostics] }),
      },
    };
    printNotice(JSON.stringify(line));
    return;
  }
  const [fault] = diagnostics;
  const shown = fault === undefined ? message : message.replace(fault.file, shownPath);
  printNotice(`${styleText('red', 'Error:', { stream: process.stderr })} ${shown}`);
  if (remedy !== undefined) printNotice(remedy);
}
