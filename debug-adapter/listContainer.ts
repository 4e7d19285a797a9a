import type { DebugProtocol } from '@vscode/debugprotocol';
import type { RemoteObject, ValueViewer, VariableContainer } from './variable.ts';

/** The values of one printed line. */
export class ListContainer implements VariableContainer {
  readonly #viewer: ValueViewer;
  readonly #values: readonly RemoteObject[];

  constructor(viewer: ValueViewer, values: readonly RemoteObject[]) {
    this.#viewer = viewer;
    this.#values = values;
  }

  children(): Promise<DebugProtocol.Variable[]> {
    return Promise.resolve(
      this.#values.map((value, index) => ({
        name: String(index),
        ...this.#viewer.show(value, { lifetime: 'console' }),
      })),
    );
  }
}
