import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { toCallArgument } from './callArgument.ts';
import { NexError } from '../runtime/protocol/nexError.ts';
import { ObjectContainer } from './objectContainer.ts';
import type { Alias } from './scriptNames.ts';
import type { RemoteObject, ValueViewer, VariableContainer } from './variable.ts';

/** Shown among a scope's variables without being one. */
export interface ScopeExtra {
  readonly name: string;
  readonly value: RemoteObject;
}

export interface ScopeOptions {
  readonly frameId: number;
  readonly callFrameId: string;
  /** Place in the frame's chain of scopes. */
  readonly index: number;
  readonly scope: Protocol.Debugger.Scope;
  readonly extras: readonly ScopeExtra[];
  /** What the user calls a variable of V8's; nothing for one that is not his. */
  namesOf(variable: string): readonly Alias[];
}

type Property = Protocol.Runtime.PropertyDescriptor;

/** The variables of one scope of a frame, under the names that they have in its source. */
export class ScopeContainer implements VariableContainer {
  readonly frameId: number;
  readonly #viewer: ValueViewer;
  readonly #options: ScopeOptions;

  constructor(viewer: ValueViewer, options: ScopeOptions) {
    this.frameId = options.frameId;
    this.#viewer = viewer;
    this.#options = options;
  }

  async children(): Promise<DebugProtocol.Variable[]> {
    const variables = await Promise.all(
      (await this.#properties()).flatMap((property) =>
        this.#options.namesOf(property.name).map((alias) => this.#variable(property, alias)),
      ),
    );
    const extras = this.#options.extras.map(({ name, value }) => ({
      name,
      ...this.#viewer.show(value, name === 'this' ? { evaluateName: name } : {}),
    }));
    return [...extras, ...variables];
  }

  async set(name: string, value: RemoteObject): Promise<RemoteObject> {
    const { scope, callFrameId, index } = this.#options;
    const variableName = await this.#variableOf(name);
    if (objectScopes.has(scope.type)) {
      const options = { lifetime: 'stop' } as const;
      return new ObjectContainer(this.#viewer, scope.object, options).set(variableName, value);
    }
    await this.#viewer.cdp.send('Debugger.setVariableValue', {
      callFrameId,
      scopeNumber: index,
      variableName,
      newValue: toCallArgument(value),
    });
    return value;
  }

  async #properties(): Promise<readonly Property[]> {
    const { result } = await this.#viewer.cdp.send('Runtime.getProperties', {
      objectId: this.#options.scope.object.objectId ?? '',
      ownProperties: true,
      generatePreview: true,
    });
    return result;
  }

  async #variable(property: Property, alias: Alias): Promise<DebugProtocol.Variable> {
    const { name } = alias;
    const isMember = alias.expression !== property.name;
    const value = isMember ? await this.#evaluate(alias.expression) : property.value;
    if (value !== undefined) return { name, ...this.#viewer.show(value, { evaluateName: name }) };
    const hasGetter = isMember || property.get !== undefined;
    return { name, value: hasGetter ? '(...)' : notYet, variablesReference: 0 };
  }

  /** An imported binding is a member of its package; undefined where reading it would run more than a getter. */
  async #evaluate(expression: string): Promise<RemoteObject | undefined> {
    const { callFrameId } = this.#options;
    const { result, exceptionDetails } = await this.#viewer.cdp.send(
      'Debugger.evaluateOnCallFrame',
      { callFrameId, expression, silent: true, generatePreview: true, throwOnSideEffect: true },
    );
    return exceptionDetails === undefined ? result : undefined;
  }

  async #variableOf(name: string): Promise<string> {
    for (const property of await this.#properties()) {
      const alias = this.#options.namesOf(property.name).find((one) => one.name === name);
      if (alias?.expression === property.name) return property.name;
      if (alias !== undefined) {
        throw new NexError('not-settable', `"${name}" is imported and cannot be set.`);
      }
    }
    return name;
  }
}

/** A `let` or `const` before its line has run. */
const notYet = 'not yet initialised';

/** Scopes that are real objects, which V8 does not set variables of. */
const objectScopes: ReadonlySet<string> = new Set(['global', 'with']);
