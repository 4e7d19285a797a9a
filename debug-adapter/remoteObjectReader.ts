import type { ConsoleReader } from '../runtime/protocol/consoleFormat.ts';
import { printedText, valueText } from './valueText.ts';
import type { RemoteObject } from './variable.ts';

/** Reads console arguments as CDP reports them. */
export const remoteObjectReader: ConsoleReader<RemoteObject> = {
  string: (value) => (value.type === 'string' ? String(value.value) : undefined),
  print: printedText,
  inspect: valueText,
  number: (value) => Number(printedText(value)),
};
