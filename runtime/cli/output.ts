import { styleText } from 'node:util';
import type { ErrorLine } from '../protocol/cliLines.ts';
import { NexError, errorText } from '../protocol/nexError.ts';

type Style = Parameters<typeof styleText>[0];

/** Styled where standard output is a terminal that shows it. */
export const styled = (style: Style, text: string): string =>
  styleText(style, text, { stream: process.stdout });

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** For what is not the result: notices, warnings, progress. */
export const printNotice = (text: string): void => void process.stderr.write(`${text}\n`);

/** Ends the verb in order when the reader of its output has gone (`nexdev logs | head`). */
export function endOnClosedPipe(): void {
  let isClosed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!isClosed) process.kill(process.pid, 'SIGTERM');
    isClosed = true;
  });
}

/** What went wrong and what to do; one JSON line (`errorLineSchema`) where the verb was asked for JSON. */
export function printError(thrown: unknown, json: boolean): void {
  const error =
    thrown instanceof NexError ? thrown : new NexError('internal', errorText(thrown), {});
  const { code, message, remedy } = error;
  if (json) {
    const line: ErrorLine = {
      error: { code, message, ...(remedy === undefined ? {} : { remedy }) },
    };
    printNotice(JSON.stringify(line));
    return;
  }
  printNotice(`${styleText('red', 'Error:', { stream: process.stderr })} ${message}`);
  if (remedy !== undefined) printNotice(remedy);
}
