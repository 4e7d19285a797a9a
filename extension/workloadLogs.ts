import type * as vscode from 'vscode';
import {
  allLogs,
  fileNameOf,
  logEntrySchema,
  type LogEntry,
  type LogSource,
} from '../runtime/protocol/logs.ts';
import type { ConnectedNats } from './connections/connection.ts';

interface LogTarget {
  nameOf: (workloadId: string) => string | undefined;
  /** Before each line: whose it is. */
  prefix: string;
  log: vscode.LogOutputChannel;
}

/** Writes the log lines of every workload into the channel while the connection lives. */
export async function followWorkloadLogs(
  { connection }: ConnectedNats,
  { nameOf, prefix, log }: LogTarget,
): Promise<void> {
  for await (const { subject, data } of connection.subscribe(allLogs)) {
    const entry = parseEntry(data);
    if (entry === undefined) continue;
    const id = subject.split('.').at(-1) ?? '';
    const name = entry.workload ?? nameOf(id) ?? nameOf(entry.id) ?? id.slice(0, 8);
    writeEntry(log, entry, prefix + name);
  }
}

/** A node's own lines are plain text, and in its terminal already. */
function parseEntry(data: Uint8Array): LogEntry | undefined {
  try {
    return logEntrySchema.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return undefined;
  }
}

function writeEntry(log: vscode.LogOutputChannel, entry: LogEntry, name: string): void {
  const place = entry.source === undefined ? '' : `  (${locate(entry.source)})`;
  const text = entry.text.replace(/\n$/, '');
  const line = `${name}: ${text}${place}`;
  if (entry.stderr) log.info(`${name} (stderr): ${text}`);
  else if (entry.level === 'ERROR') log.error(line);
  else if (entry.level === 'WARN') log.warn(line);
  else if (entry.level === 'DEBUG') log.debug(line);
  else log.info(line);
}

const locate = (source: LogSource) => `${fileNameOf(source)}:${source.line}`;
