import { InvalidArgumentError, Option, type Command } from 'commander';
import { reportConnection } from '../client/reportConnection.ts';
import { logLevels } from '../protocol/logs.ts';
import { followLogs } from './followLogs.ts';
import { interruptSignal } from './interrupt.ts';
import { printNotice } from './output.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';
import { addFilterOptions, passesFilter, type WorkloadFilter } from './workloadFilter.ts';

interface LogsOptions extends VerbOptions, WorkloadFilter {
  level: string;
}

export function createLogsCommand(): Command {
  const level = new Option('--level <level>', `least level shown: ${logLevels.join(', ')}`)
    .default('INFO')
    .argParser(parseLevel);
  return addFilterOptions(
    createVerb('logs', 'Follow the logs of workloads', 'nexdev logs --workload_name=echojs'),
  )
    .addOption(level)
    .action(showLogs);
}

/** In either case; `choices` of commander would be the parser instead of this one. */
function parseLevel(text: string): string {
  const level = text.toUpperCase();
  if (logLevels.some((known) => known === level)) return level;
  throw new InvalidArgumentError(`A level is one of ${logLevels.join(', ')}.`);
}

async function showLogs(options: LogsOptions): Promise<void> {
  const signal = interruptSignal();
  await withConnection(options, (connection) => {
    if (!options.json) void reportConnection(connection, printNotice);
    return followLogs(
      connection,
      {
        json: options.json === true,
        level: options.level,
        isWanted: (line, printer) => passesFilter(options, line, () => printer.nameOf(line)),
      },
      signal,
    );
  });
}
