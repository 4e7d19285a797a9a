import type { NatsConnection } from '@nats-io/transport-node';
import { allLogs } from '../protocol/logs.ts';
import { LogPrinter, parseLogMessage, type LogLine, type LogPrinterOptions } from './logPrinter.ts';

/** Prints the log lines that `isWanted` until `signal`. */
export async function followLogs(
  connection: NatsConnection,
  options: LogPrinterOptions & {
    isWanted?: (line: LogLine, printer: LogPrinter) => boolean | Promise<boolean>;
  },
  signal: AbortSignal,
): Promise<void> {
  const { isWanted = () => true } = options;
  const printer = new LogPrinter(connection, options);
  const subscription = connection.subscribe(allLogs);
  const stop = () => subscription.unsubscribe();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  for await (const message of subscription) {
    const line = parseLogMessage(message.subject, message.string());
    if (line !== undefined && (await isWanted(line, printer))) await printer.print(line);
  }
}
