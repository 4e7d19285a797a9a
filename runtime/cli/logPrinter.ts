import type { NatsConnection } from '@nats-io/transport-node';
import { ControlClient } from '../client/controlClient.ts';
import {
  fileNameOf,
  logEntrySchema,
  logLevels,
  type LogEntry,
  type LogSource,
} from '../protocol/logs.ts';
import { print, printJson, styled } from './output.ts';

/** One log line with what its subject says. */
export interface LogLine {
  namespace: string;
  nodeId: string;
  workloadId: string;
  entry: LogEntry;
}

/** Takes a log message apart; undefined for one that is none of a workload (a node's own lines are plain text). */
export function parseLogMessage(subject: string, body: string): LogLine | undefined {
  // Nex publishes five tokens, its own client expects six with the name before the id.
  const [, , namespace, nodeId, ...rest] = subject.split('.');
  const workloadId = rest.at(-1);
  if (namespace === undefined || nodeId === undefined || workloadId === undefined) return undefined;
  try {
    const entry = logEntrySchema.parse(JSON.parse(body));
    return { namespace, nodeId, workloadId, entry };
  } catch {
    return undefined;
  }
}

/** `INFO   echojs  triggered on echo  (echo.js:3:1)` */
export function formatLogEntry(entry: LogEntry, workloadName: string): string {
  const source = entry.source === undefined ? '' : `  ${styled('dim', locate(entry.source))}`;
  const text = entry.text.replace(/\n$/, '');
  return `${formatLevel(entry)} ${styled('cyan', workloadName)}  ${text}${source}`;
}

/** Whether a line of `level` is shown where `least` is asked for; levels that are not Nex's always are. */
export function reachesLevel(level: string, least: string): boolean {
  const order = logLevels.map(String);
  const index = order.indexOf(level);
  return index === -1 || index >= order.indexOf(least);
}

export interface LogPrinterOptions {
  json: boolean;
  /** Least level shown. */
  level: string;
}

/** Prints log lines in the order of their arrival, with the names of their workloads. */
export class LogPrinter {
  readonly #control: ControlClient;
  readonly #options: LogPrinterOptions;
  readonly #names = new Map<string, string>();

  constructor(connection: NatsConnection, options: LogPrinterOptions) {
    this.#control = new ControlClient(connection);
    this.#options = options;
  }

  async print(line: LogLine): Promise<void> {
    if (!reachesLevel(line.entry.level, this.#options.level)) return;
    const workload = await this.nameOf(line);
    const { namespace, nodeId, entry } = line;
    if (this.#options.json) printJson({ namespace, node: nodeId, workload, ...entry });
    else print(formatLogEntry(entry, workload));
  }

  /** A workload that is gone already keeps its id for a name. */
  async nameOf({ namespace, nodeId, workloadId, entry }: LogLine): Promise<string> {
    if (entry.workload !== undefined) this.#names.set(workloadId, entry.workload);
    const known = this.#names.get(workloadId);
    if (known !== undefined) return known;
    const { machines } = await this.#control
      .info(namespace, nodeId)
      .catch(() => ({ machines: [] }));
    for (const { id, workload } of machines) this.#names.set(id, workload.name);
    return this.#names.get(workloadId) ?? workloadId;
  }
}

function formatLevel({ level, stderr }: LogEntry): string {
  if (stderr) return 'stderr';
  const text = level.padEnd(6);
  if (level === 'ERROR') return styled('red', text);
  if (level === 'WARN') return styled('yellow', text);
  return level === 'DEBUG' ? styled('dim', text) : text;
}

const locate = (source: LogSource) => `(${fileNameOf(source)}:${source.line}:${source.column})`;
