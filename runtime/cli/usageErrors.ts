import type { Command, CommanderError } from 'commander';
import { NexError } from '../protocol/nexError.ts';

/**
 * Makes a command and all below it throw what is wrong with a command line as a NexError `usage`, so that it is told
 * like every other error. Where nothing is wrong (help, version) the CommanderError says which exit code to end with.
 */
export function throwUsageErrors(command: Command): Command {
  command.configureOutput({ outputError: () => undefined });
  command.exitOverride((error) => {
    throw isAnswered(error) ? error : usageError(command, error);
  });
  for (const verb of command.commands) throwUsageErrors(verb);
  return command;
}

/** Help and version have been printed by then. */
const isAnswered = ({ code }: CommanderError) => /^commander\.(help|version)/.test(code);

function usageError(command: Command, cause: CommanderError): NexError {
  return new NexError('usage', cause.message.replace(/^error: /, ''), {
    remedy: `See what there is: ${fullName(command)} --help`,
    cause,
  });
}

const fullName = (command: Command): string =>
  command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
