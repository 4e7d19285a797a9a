import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { AdapterHost } from './adapterHost.ts';
import type { CdpConnection } from './cdpConnection.ts';
import { memoryReference } from './memory.ts';
import { ObjectContainer } from './objectContainer.ts';
import {
  arrayLength,
  pageThreshold,
  type Lifetime,
  type Page,
  type RemoteObject,
  type ShownValue,
  type ShowOptions,
  type ValueViewer,
  type VariableContainer,
} from './variable.ts';
import { valueText } from './valueText.ts';

interface Entry {
  readonly container: VariableContainer;
  readonly lifetime: Lifetime;
}

/** Printed values that can still be unfolded; older ones make room. */
const keptInConsole = 2000;

/** All that unfolds, by `variablesReference`. A reference is never used twice. */
export class Variables implements ValueViewer {
  readonly #host: AdapterHost;
  readonly #entries = new Map<number, Entry>();
  #lastReference = 0;
  #printed = 0;

  constructor(host: AdapterHost) {
    this.#host = host;
  }

  get cdp(): CdpConnection {
    return this.#host.cdp;
  }

  add(container: VariableContainer, lifetime: Lifetime = 'stop'): number {
    this.#lastReference += 1;
    this.#entries.set(this.#lastReference, { container, lifetime });
    if (lifetime === 'console') this.#makeRoom();
    return this.#lastReference;
  }

  get(reference: number): VariableContainer {
    const entry = this.#entries.get(reference);
    if (entry !== undefined) return entry.container;
    throw new NexError('variable-gone', 'This value is from an earlier stop.');
  }

  children(reference: number, page: Page): Promise<DebugProtocol.Variable[]> {
    return this.get(reference).children(page);
  }

  /** Gives a child another value; answers how it is shown then. */
  async set(reference: number, name: string, value: RemoteObject): Promise<ShownValue> {
    const container = this.get(reference);
    if (container.set === undefined) {
      throw new NexError('not-settable', `"${name}" cannot be given another value.`);
    }
    return this.show(await container.set(name, value));
  }

  /** Execution goes on: what was shown of the stop is no longer true. */
  endStop(): void {
    for (const [reference, { lifetime }] of this.#entries) {
      if (lifetime === 'stop') this.#entries.delete(reference);
    }
  }

  show(value: RemoteObject, options: ShowOptions = {}): ShownValue {
    const { evaluateName, lifetime = 'stop' } = options;
    const length = arrayLength(value);
    if (value.subtype === 'wasmvalue') return showWasmValue(value, evaluateName);
    const memory = memoryReference(value);
    return {
      value: valueText(value),
      type: value.subtype ?? value.type,
      variablesReference:
        value.objectId === undefined
          ? 0
          : this.add(new ObjectContainer(this, value, { evaluateName, lifetime }), lifetime),
      ...(evaluateName === undefined ? {} : { evaluateName }),
      ...(memory === undefined ? {} : { memoryReference: memory }),
      ...(length > pageThreshold ? { indexedVariables: length, namedVariables: 1 } : {}),
    };
  }

  #makeRoom(): void {
    this.#printed += 1;
    if (this.#printed <= keptInConsole) return;
    for (const [reference, { lifetime }] of this.#entries) {
      if (lifetime !== 'console') continue;
      this.#entries.delete(reference);
      this.#printed -= 1;
      return;
    }
  }
}

/** A number of WebAssembly: V8 describes it by its type. */
const showWasmValue = (value: RemoteObject, evaluateName: string | undefined): ShownValue => ({
  value: valueText(value),
  type: value.description ?? 'wasm',
  variablesReference: 0,
  ...(evaluateName === undefined ? {} : { evaluateName }),
});
