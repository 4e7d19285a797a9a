import { InvalidArgumentError, Option, type Command } from 'commander';
import { logLevels } from '../protocol/logs.ts';
import { followLogs } from './followLogs.ts';
import { interruptSignal } from './interrupt.ts';
import type { LogLine, LogPrinter } from './logPrinter.ts';
import { reportConnection } from './reportConnection.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface LogsOptions extends VerbOptions {
  namespace?: string;
  node?: string;
  workload_name?: string;
  workload_id?: string;
  level: string;
}

export function createLogsCommand(): Command {
  const level = new Option('--level <level>', `least level shown: ${logLevels.join(', ')}`)
    .default('INFO')
    .argParser(parseLevel);
  return createVerb('logs', 'Follow the logs of workloads', 'nexdev logs --workload_name=echojs')
    .option('--namespace <name>', 'only this namespace', process.env['NEX_NAMESPACE'])
    .option('--node <id>', 'only this node')
    .option('--workload_name <name>', 'only workloads of this name')
    .option('--workload_id <id>', 'only this workload')
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
    if (!options.json) void reportConnection(connection);
    return followLogs(
      connection,
      {
        json: options.json === true,
        level: options.level,
        isWanted: (line, printer) => isWanted(options, line, printer),
      },
      signal,
    );
  });
}

async function isWanted(
  { namespace, node, workload_id, workload_name }: LogsOptions,
  line: LogLine,
  printer: LogPrinter,
): Promise<boolean> {
  return (
    (namespace ?? line.namespace) === line.namespace &&
    (node ?? line.nodeId) === line.nodeId &&
    (workload_id ?? line.workloadId) === line.workloadId &&
    (workload_name === undefined || workload_name === (await printer.nameOf(line)))
  );
}
