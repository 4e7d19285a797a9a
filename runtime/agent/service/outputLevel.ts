import type { LogLevel } from '../../protocol/logs.ts';

/** Where the loggers of this world put a line's level: logfmt, JSON, Go's `log/slog` without a handler. */
const places = [
  /(?:^|\s)(?:level|lvl|severity)="?([a-z]+)/i,
  /"(?:level|lvl|severity)"\s*:\s*"([a-z]+)"/i,
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d ([A-Z]+) /,
];

const levels: Readonly<Record<string, LogLevel>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  notice: 'INFO',
  warn: 'WARN',
  warning: 'WARN',
  error: 'ERROR',
  err: 'ERROR',
  critical: 'ERROR',
  fatal: 'ERROR',
  panic: 'ERROR',
};

/** The level that a line of output says it has, if it does. */
export function levelOfLine(line: string): LogLevel | undefined {
  // A line that is longer says it at its beginning or not at all.
  const beginning = line.slice(0, 500);
  for (const place of places) {
    const name = place.exec(beginning)?.[1]?.toLowerCase();
    if (name !== undefined && Object.hasOwn(levels, name)) return levels[name];
  }
  return undefined;
}
