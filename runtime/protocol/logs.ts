import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Log subject of a workload: five tokens. Source: `internal/node/workload_mgr_events.go`. */
export const logSubject = (namespace: string, node: string, workload: string) =>
  `$NEX.logs.${namespace}.${node}.${workload}`;
/** Every log line; Nex's own client listens on six tokens, where the last is the workload id. */
export const allLogs = '$NEX.logs.>';

export const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Where in a user's file; 1-based. */
export const logSourceSchema = z.object({
  url: z.string(),
  line: z.number().int(),
  column: z.number().int(),
});

/**
 * One log line. `text`, `level` and `id` (the workload's) are Nex's; the rest is ours and absent on a real node:
 * `source` is where in the user's file the line comes from (1-based), `console` says that the function printed it.
 */
export const logEntrySchema = z.object({
  text: z.string(),
  level: z.string(),
  id: z.string(),
  /** Name of the workload: its first lines come before the node lists it. */
  workload: z.string().optional(),
  console: z.literal(true).optional(),
  /** A service wrote it to standard error, which many use for all they log: its level says nothing. */
  stderr: z.literal(true).optional(),
  source: logSourceSchema.optional(),
  /** Stable code of a warning (`protocol/warnings.ts`). */
  code: z.string().optional(),
  /** Number of the invocation within its workload, counted from 1. */
  invocation: z.number().int().optional(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;
export type LogSource = NonNullable<LogEntry['source']>;

/** The file that a line comes from, without its folder; of a URL that is none of a file here, all of it. */
export function fileNameOf({ url }: LogSource): string {
  try {
    return basename(fileURLToPath(url));
  } catch {
    // Anybody may publish a log line.
    return url;
  }
}
