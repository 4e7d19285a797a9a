import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import { ObjectContainer } from './objectContainer.ts';
import { ScopeContainer } from './scopeContainer.ts';
import type { ValueViewer, VariableContainer } from './variable.ts';

type Scope = Protocol.Debugger.Scope;

/** The scopes of a frame of WebAssembly: its locals, what is on its operand stack, and what its module has. */
export function wasmScopes(
  viewer: ValueViewer,
  frameId: number,
  { callFrameId, scopeChain }: Protocol.Debugger.CallFrame,
): DebugProtocol.Scope[] {
  return order.flatMap((type) => {
    const index = scopeChain.findIndex((scope) => scope.type === type);
    const scope = scopeChain[index];
    if (scope === undefined) return [];
    const container = isStack(scope)
      ? new OperandStack(viewer, frameId, scope)
      : new WasmScope(viewer, {
          frameId,
          callFrameId,
          index,
          scope,
          extras: [],
          namesOf: (name) => [{ name, expression: name }],
        });
    return {
      name: titles[type],
      variablesReference: viewer.add(container),
      expensive: false,
      ...(type === 'local' ? { presentationHint: 'locals' } : {}),
    };
  });
}

const order = ['local', 'wasm-expression-stack', 'module'] as const;
const titles = { local: 'Locals', 'wasm-expression-stack': 'Operand stack', module: 'Module' };

const isStack = ({ type }: Scope) => type === 'wasm-expression-stack';

/** V8 can set nothing in WebAssembly. */
class WasmScope extends ScopeContainer {
  override set(name: string): Promise<never> {
    const reason = `"${name}" cannot be set: V8 changes no values of WebAssembly.`;
    return Promise.reject(new NexError('not-settable', reason));
  }
}

/** V8 has the stack as the one variable of its scope. Deepest first. */
class OperandStack implements VariableContainer {
  readonly frameId: number;
  readonly #viewer: ValueViewer;
  readonly #scope: Scope;

  constructor(viewer: ValueViewer, frameId: number, scope: Scope) {
    this.frameId = frameId;
    this.#viewer = viewer;
    this.#scope = scope;
  }

  async children(): Promise<DebugProtocol.Variable[]> {
    const { result } = await this.#viewer.cdp.send('Runtime.getProperties', {
      objectId: this.#scope.object.objectId ?? '',
      ownProperties: true,
    });
    const stack = result.find(({ name }) => name === 'stack')?.value;
    if (stack === undefined) return [];
    const values = new ObjectContainer(this.#viewer, stack, { lifetime: 'stop' });
    return (await values.children({})).filter(({ name }) => /^\d+$/.test(name));
  }
}
