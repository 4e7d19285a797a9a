import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import { CdpError } from './cdpConnection.ts';
import { toCallArgument } from './callArgument.ts';
import { GetterContainer } from './getterContainer.ts';
import { exceptionText } from './exceptionText.ts';
import {
  arrayLength,
  pageThreshold,
  type Lifetime,
  type Page,
  type RemoteObject,
  type ValueViewer,
  type VariableContainer,
} from './variable.ts';
import { memberName } from './memberName.ts';
import { previewChildren } from './previewChildren.ts';

type Properties = Protocol.Runtime.GetPropertiesResponse;

export interface ObjectOptions {
  readonly evaluateName?: string | undefined;
  readonly lifetime: Lifetime;
  /** What getters are called on: for a prototype, the object that it is shown under. */
  readonly receiver?: RemoteObject | undefined;
}

/** The properties of an object. */
export class ObjectContainer implements VariableContainer {
  readonly #viewer: ValueViewer;
  readonly #object: RemoteObject;
  readonly #objectId: string;
  readonly #options: ObjectOptions;

  constructor(viewer: ValueViewer, object: RemoteObject, options: ObjectOptions) {
    this.#viewer = viewer;
    this.#object = object;
    this.#objectId = object.objectId ?? '';
    this.#options = options;
  }

  async children({ filter, start = 0, count }: Page): Promise<DebugProtocol.Variable[]> {
    try {
      const length = arrayLength(this.#object);
      if (filter === 'indexed') return await this.#elements(start, count ?? length - start);
      return await this.#named(filter === 'named' || length > pageThreshold);
    } catch (error) {
      if (!(error instanceof CdpError)) throw error;
      // Its context went with the invocation; what was printed of it is still known.
      const children = previewChildren(this.#object);
      if (children.length > 0) return children;
      throw new NexError('value-gone', 'This value went with the invocation that made it.');
    }
  }

  async set(name: string, value: RemoteObject): Promise<RemoteObject> {
    const { result, exceptionDetails } = await this.#viewer.cdp.send('Runtime.callFunctionOn', {
      objectId: this.#objectId,
      functionDeclaration: 'function (name, value) { this[name] = value; return this[name]; }',
      arguments: [{ value: name }, toCallArgument(value)],
      silent: true,
      generatePreview: true,
    });
    if (exceptionDetails !== undefined) {
      throw new NexError('set-failed', exceptionText(exceptionDetails));
    }
    return result;
  }

  /** Holes are left out, as V8 itself lists an array. */
  async #elements(start: number, count: number): Promise<DebugProtocol.Variable[]> {
    const { result } = await this.#viewer.cdp.send('Runtime.callFunctionOn', {
      objectId: this.#objectId,
      functionDeclaration: `function (start, count) {
        const page = {};
        for (let i = start; i < start + count && i < this.length; i++) if (i in this) page[i] = this[i];
        return page;
      }`,
      arguments: [{ value: start }, { value: count }],
      silent: true,
      objectGroup: this.#options.lifetime,
    });
    const properties = await this.#properties(result.objectId ?? '', false);
    return properties.result
      .filter((property) => property.enumerable)
      .map((property) => this.#variable(property));
  }

  async #named(withoutIndexed: boolean): Promise<DebugProtocol.Variable[]> {
    const { result, privateProperties, internalProperties } = await this.#properties(
      this.#objectId,
      withoutIndexed,
    );
    const own = result.filter(({ name }) => name !== '__proto__');
    return [
      ...own.map((property) => this.#variable(property)),
      ...(privateProperties ?? []).map((property) => this.#variable(property, 'private')),
      ...(internalProperties ?? [])
        .filter(({ name }) => shownInternals.has(name))
        .map((property) => this.#internal(property)),
    ];
  }

  #properties(objectId: string, nonIndexedPropertiesOnly: boolean): Promise<Properties> {
    return this.#viewer.cdp.send('Runtime.getProperties', {
      objectId,
      ownProperties: true,
      nonIndexedPropertiesOnly,
      generatePreview: true,
    });
  }

  #variable(
    property: Protocol.Runtime.PropertyDescriptor | Protocol.Runtime.PrivatePropertyDescriptor,
    visibility?: 'private',
  ): DebugProtocol.Variable {
    const { name, value, get } = property;
    const { evaluateName, lifetime } = this.#options;
    const isSymbol = 'symbol' in property;
    const path =
      evaluateName === undefined || isSymbol || visibility !== undefined
        ? undefined
        : memberName(evaluateName, name);
    const hint =
      visibility ?? ('enumerable' in property && !property.enumerable ? 'internal' : 'public');
    const presentationHint = { visibility: hint };
    if (value !== undefined) {
      const shown = this.#viewer.show(value, { evaluateName: path, lifetime });
      return { name, ...shown, presentationHint };
    }
    if (get === undefined || get.type === 'undefined') {
      return { name, value: 'write-only', variablesReference: 0, presentationHint };
    }
    return {
      name,
      value: '(...)',
      variablesReference: this.#viewer.add(
        new GetterContainer(this.#viewer, get, this.#receiver, lifetime),
        lifetime,
      ),
      presentationHint: { ...presentationHint, lazy: true },
    };
  }

  #internal({
    name,
    value = { type: 'undefined' },
  }: Protocol.Runtime.InternalPropertyDescriptor): DebugProtocol.Variable {
    const { lifetime } = this.#options;
    const presentationHint = { visibility: 'internal', kind: 'virtual' };
    if (name !== '[[Prototype]]' || value.objectId === undefined) {
      const shown = this.#viewer.show(value, { lifetime });
      return { name, ...shown, presentationHint };
    }
    const prototype = new ObjectContainer(this.#viewer, value, {
      lifetime,
      receiver: this.#receiver,
    });
    const variablesReference = this.#viewer.add(prototype, lifetime);
    const text = value.description ?? 'Object';
    return { name, value: text, type: 'object', variablesReference, presentationHint };
  }

  get #receiver(): RemoteObject {
    return this.#options.receiver ?? this.#object;
  }
}

const shownInternals = new Set([
  '[[Prototype]]',
  '[[Entries]]',
  '[[PromiseState]]',
  '[[PromiseResult]]',
  '[[PrimitiveValue]]',
  '[[Target]]',
  '[[Handler]]',
  '[[BoundThis]]',
  '[[BoundArgs]]',
  '[[TargetFunction]]',
]);
