import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { toCallArgument } from './callArgument.ts';
import { ObjectContainer } from './objectContainer.ts';
import type { RemoteObject, ValueViewer, VariableContainer } from './variable.ts';

/** Shown among a scope's variables without being one. */
export interface ScopeExtra {
  readonly name: string;
  readonly value: RemoteObject;
}

/** The variables of one scope of a frame. */
export class ScopeContainer implements VariableContainer {
  readonly frameId: number;
  readonly #viewer: ValueViewer;
  readonly #callFrameId: string;
  readonly #index: number;
  readonly #scope: Protocol.Debugger.Scope;
  readonly #extras: readonly ScopeExtra[];

  constructor(
    viewer: ValueViewer,
    frame: { readonly id: number; readonly callFrameId: string },
    index: number,
    scope: Protocol.Debugger.Scope,
    extras: readonly ScopeExtra[],
  ) {
    this.frameId = frame.id;
    this.#viewer = viewer;
    this.#callFrameId = frame.callFrameId;
    this.#index = index;
    this.#scope = scope;
    this.#extras = extras;
  }

  async children(): Promise<DebugProtocol.Variable[]> {
    const { result } = await this.#viewer.cdp.send('Runtime.getProperties', {
      objectId: this.#scope.object.objectId ?? '',
      ownProperties: true,
      generatePreview: true,
    });
    const variables = result.map(({ name, value, get }) =>
      value === undefined
        ? { name, value: get === undefined ? notYet : '(...)', variablesReference: 0 }
        : { name, ...this.#viewer.show(value, { evaluateName: name }) },
    );
    const extras = this.#extras.map(({ name, value }) => ({
      name,
      ...this.#viewer.show(value, name === 'this' ? { evaluateName: name } : {}),
    }));
    return [...extras, ...variables];
  }

  async set(name: string, value: RemoteObject): Promise<RemoteObject> {
    if (objectScopes.has(this.#scope.type)) {
      const options = { lifetime: 'stop' } as const;
      return new ObjectContainer(this.#viewer, this.#scope.object, options).set(name, value);
    }
    await this.#viewer.cdp.send('Debugger.setVariableValue', {
      callFrameId: this.#callFrameId,
      scopeNumber: this.#index,
      variableName: name,
      newValue: toCallArgument(value),
    });
    return value;
  }
}

/** A `let` or `const` before its line has run. */
const notYet = 'not yet initialised';

/** Scopes that are real objects, which V8 does not set variables of. */
const objectScopes: ReadonlySet<string> = new Set(['global', 'with']);
