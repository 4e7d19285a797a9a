import type { LogLevel } from '../protocol/logs.ts';

const levels: Readonly<Record<string, LogLevel>> = {
  debug: 'DEBUG',
  warn: 'WARN',
  error: 'ERROR',
  assert: 'ERROR',
};

/** Log level of a console method. */
export const consoleLevel = (method: string): LogLevel => levels[method] ?? 'INFO';
