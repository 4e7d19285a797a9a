import type { DebugProtocol } from '@vscode/debugprotocol';
import { toCallArgument } from './callArgument.ts';
import { exceptionText } from './exceptionText.ts';
import type { Lifetime, RemoteObject, ValueViewer, VariableContainer } from './variable.ts';

/** A getter that is called when it is unfolded, and not before: it is the user's code. */
export class GetterContainer implements VariableContainer {
  readonly #viewer: ValueViewer;
  readonly #getter: RemoteObject;
  readonly #receiver: RemoteObject;
  readonly #lifetime: Lifetime;

  constructor(
    viewer: ValueViewer,
    getter: RemoteObject,
    receiver: RemoteObject,
    lifetime: Lifetime,
  ) {
    this.#viewer = viewer;
    this.#getter = getter;
    this.#receiver = receiver;
    this.#lifetime = lifetime;
  }

  /** The one child that DAP wants of a lazy variable: its value. */
  async children(): Promise<DebugProtocol.Variable[]> {
    const { result, exceptionDetails } = await this.#viewer.cdp.send('Runtime.callFunctionOn', {
      objectId: this.#getter.objectId ?? '',
      functionDeclaration: 'function (receiver) { return this.call(receiver); }',
      arguments: [toCallArgument(this.#receiver)],
      silent: true,
      generatePreview: true,
      objectGroup: this.#lifetime,
    });
    if (exceptionDetails !== undefined) {
      return [{ name: '', value: exceptionText(exceptionDetails), variablesReference: 0 }];
    }
    return [{ name: '', ...this.#viewer.show(result, { lifetime: this.#lifetime }) }];
  }
}
