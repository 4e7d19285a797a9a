import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { CdpConnection } from './cdpConnection.ts';
import type { Pause, StackEntry } from './pause.ts';
import type { Scripts } from './scripts.ts';
import { printedText } from './valueText.ts';
import type { RemoteObject } from './variable.ts';

export const exceptionFilters: DebugProtocol.ExceptionBreakpointsFilter[] = [
  {
    filter: 'all',
    label: 'All exceptions',
    description: 'Stops where something is thrown, also where the function catches it.',
    default: false,
  },
  {
    filter: 'uncaught',
    label: 'Uncaught exceptions',
    description: 'Stops where something is thrown that no try … catch of the function catches.',
    default: true,
  },
];

type Paused = Protocol.Debugger.PausedEvent;

/** What stops where something is thrown. */
export class Exceptions {
  readonly #scripts: Scripts;
  #filters: readonly string[] = [];

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  async set(filters: readonly string[], cdp: CdpConnection | undefined): Promise<void> {
    this.#filters = filters;
    if (cdp !== undefined) await this.apply(cdp);
  }

  /** V8 stops at all: what is uncaught, only we can tell. */
  async apply(cdp: CdpConnection): Promise<void> {
    const state = this.#filters.length > 0 ? 'all' : 'none';
    await cdp.send('Debugger.setPauseOnExceptions', { state });
  }

  /** Whether the user wants to see this one. */
  wants(thrown: RemoteObject, stack: readonly StackEntry[], topIsUser: boolean): boolean {
    // The runtime throws strings to the function; what else it throws, it catches itself.
    if (!topIsUser && thrown.type !== 'string') return false;
    if (this.#filters.includes('all')) return true;
    return this.#filters.includes('uncaught') && !this.#isCaught(stack);
  }

  info({ exception }: Pause): DebugProtocol.ExceptionInfoResponse['body'] {
    if (exception === undefined) {
      throw new NexError('no-exception', 'It did not stop at an exception.');
    }
    const isError = exception.subtype === 'error';
    const typeName = isError ? (exception.className ?? 'Error') : exception.type;
    const text = printedText(exception);
    const message = isError ? firstLine(text) : text;
    return {
      exceptionId: isError ? typeName : `thrown ${typeName}`,
      description: message,
      breakMode: this.#filters.includes('all') ? 'always' : 'unhandled',
      details: {
        message,
        typeName,
        ...(isError ? { stackTrace: this.#scripts.mapStack(text) } : {}),
      },
    };
  }

  #isCaught(stack: readonly StackEntry[]): boolean {
    const positions = stack.flatMap((entry) => ('boundary' in entry ? [] : [entry.generated]));
    return this.#scripts.sources.code.isCaught(positions);
  }
}

/** What was thrown, where V8 stopped for it. */
export function thrownValue({ reason, data }: Paused): RemoteObject | undefined {
  if (reason === 'exception' || reason === 'promiseRejection') return data as RemoteObject;
  if (reason !== 'ambiguous') return undefined;
  const { reasons } = data as { reasons: { reason: string; auxData: RemoteObject }[] };
  return reasons.find((one) => one.reason === 'exception' || one.reason === 'promiseRejection')
    ?.auxData;
}

const firstLine = (text: string) => text.split('\n    at ', 1)[0] ?? text;
