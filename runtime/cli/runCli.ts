import { CommanderError, type Command } from 'commander';
import { NexError } from '../protocol/nexError.ts';
import { normalizeDashes } from './normalizeDashes.ts';
import { endOnClosedPipe, printError } from './output.ts';
import { createProgram } from './program.ts';

/** What shells report of a program that Ctrl-C ended (128 + SIGINT). */
const cancelledCode = 130;

/** Runs one command line; resolves with the exit code. */
export async function runCli(args: string[]): Promise<number> {
  endOnClosedPipe();
  const program = createProgram();
  const plain = normalizeDashes(args, collectFlags(program));
  if (plain.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(plain, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    const json = plain.includes('--json');
    if (isAbort(error)) {
      printError(new NexError('cancelled', 'Cancelled.'), json);
      return cancelledCode;
    }
    printError(error, json);
    return 1;
  }
}

/** Of an AbortSignal, or of a question that was answered with Ctrl-C. */
const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';

/** The long flags of a command and of all below it. */
function collectFlags(command: Command): Set<string> {
  const own = [...command.options.map(({ long }) => long ?? ''), '--help'];
  return new Set([...own, ...command.commands.flatMap((verb) => [...collectFlags(verb)])]);
}
