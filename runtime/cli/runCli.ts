import { CommanderError, type Command } from 'commander';
import { normalizeDashes } from './normalizeDashes.ts';
import { endOnClosedPipe, printError } from './output.ts';
import { createProgram } from './program.ts';

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
    printError(error, plain.includes('--json'));
    return 1;
  }
}

/** The long flags of a command and of all below it. */
function collectFlags(command: Command): Set<string> {
  const own = [...command.options.map(({ long }) => long ?? ''), '--help'];
  return new Set([...own, ...command.commands.flatMap((verb) => [...collectFlags(verb)])]);
}
