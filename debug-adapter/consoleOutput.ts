import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { AdapterHost, OutputCategory } from './adapterHost.ts';
import type { CdpConnection } from './cdpConnection.ts';
import { formatConsole } from '../runtime/protocol/consoleFormat.ts';
import { remoteObjectReader } from './remoteObjectReader.ts';
import { ListContainer } from './listContainer.ts';
import type { Scripts } from './scripts.ts';
import type { SourcePosition } from './sourceMap.ts';
import { printedText } from './valueText.ts';
import type { RemoteObject, ValueViewer } from './variable.ts';

type ConsoleCall = Protocol.Runtime.ConsoleAPICalledEvent;
type OutputBody = DebugProtocol.OutputEvent['body'];

/** What the function prints, with the line it does so from, and objects that unfold. */
export class ConsoleOutput {
  readonly #host: AdapterHost;
  readonly #scripts: Scripts;
  readonly #viewer: ValueViewer;
  /** One after another, though each looks up its source. */
  #turn: Promise<void> = Promise.resolve();
  #printedSinceRelease = false;

  constructor(host: AdapterHost, scripts: Scripts, viewer: ValueViewer) {
    this.#host = host;
    this.#scripts = scripts;
    this.#viewer = viewer;
  }

  attach(cdp: CdpConnection): void {
    cdp.on('Runtime.consoleAPICalled', (call) => {
      this.#printedSinceRelease = true;
      this.#host.inBackground(this.#print(call));
    });
  }

  logMessage(parts: readonly RemoteObject[], place: SourcePosition): Promise<void> {
    this.#printedSinceRelease = true;
    return this.#send({ output: `${parts.map(printedText).join('')}\n` }, parts, 'stdout', place);
  }

  /** An invocation has ended: V8 would keep its context alive for what it printed. */
  async release(cdp: CdpConnection): Promise<void> {
    if (!this.#printedSinceRelease) return;
    this.#printedSinceRelease = false;
    await Promise.all([
      cdp.send('Runtime.discardConsoleEntries'),
      cdp.send('Runtime.releaseObjectGroup', { objectGroup: 'console' }),
    ]);
  }

  #print({ type, args, stackTrace }: ConsoleCall): Promise<void> {
    const place = this.#scripts.firstUserFrame(stackTrace)?.place;
    if (type === 'clear') return Promise.resolve();
    const text = `${prefixes[type] ?? ''}${formatConsole(args, remoteObjectReader)}`;
    const trace = type === 'trace' ? this.#scripts.traceText(stackTrace) : '';
    return this.#send({ output: `${text}${trace}\n` }, args, categories[type] ?? 'stdout', place);
  }

  #send(
    body: OutputBody,
    values: readonly RemoteObject[],
    category: OutputCategory,
    place: SourcePosition | undefined,
  ): Promise<void> {
    const objects = values.some(({ objectId }) => objectId !== undefined);
    const variablesReference = objects
      ? this.#viewer.add(new ListContainer(this.#viewer, values), 'console')
      : 0;
    const sending = this.#turn.then(async () => {
      const source = place && (await this.#scripts.sources.describe(place.url));
      this.#host.sendEvent({
        seq: 0,
        type: 'event',
        event: 'output',
        body: {
          category,
          ...body,
          ...(place && source ? { source, line: place.line + 1, column: place.column + 1 } : {}),
          ...(objects ? { variablesReference } : {}),
        },
      });
    });
    this.#turn = sending.catch(() => undefined);
    return sending;
  }
}

const categories: Partial<Record<ConsoleCall['type'], OutputCategory>> = {
  error: 'stderr',
  warning: 'stderr',
  assert: 'stderr',
  trace: 'stderr',
};

const prefixes: Partial<Record<ConsoleCall['type'], string>> = {
  assert: 'Assertion failed: ',
  trace: 'Trace: ',
};
