import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { StackFrames } from './stackFrames.ts';
import { ScopeContainer, type ScopeExtra } from './scopeContainer.ts';
import type { ValueViewer } from './variable.ts';

/** The scopes of a frame. */
export class Scopes {
  readonly #frames: StackFrames;
  readonly #viewer: ValueViewer;

  constructor(frames: StackFrames, viewer: ValueViewer) {
    this.#frames = frames;
    this.#viewer = viewer;
  }

  of(frameId: number): DebugProtocol.Scope[] {
    const { frame, isTop, globalThisHere } = this.#frames.get(frameId);
    if (frame === undefined) {
      throw new NexError('async-frame', 'Variables are not available in async stacks.');
    }
    const global = frame.scopeChain.find(({ type }) => type === 'global');
    const thisValue = globalThisHere ? global?.object : frame.this;
    const { callFrameId } = frame;
    return frame.scopeChain.map((scope, index) =>
      this.#scope({ id: frameId, callFrameId }, index, scope, [
        ...(index === 0 && isTop && frame.returnValue !== undefined
          ? [{ name: 'Return value', value: frame.returnValue }]
          : []),
        ...(index === 0 && thisValue !== undefined ? [{ name: 'this', value: thisValue }] : []),
      ]),
    );
  }

  #scope(
    frame: { readonly id: number; readonly callFrameId: string },
    index: number,
    scope: Protocol.Debugger.Scope,
    extras: ScopeExtra[],
  ): DebugProtocol.Scope {
    const container = new ScopeContainer(this.#viewer, frame, index, scope, extras);
    const name = titles[scope.type];
    const isClosure = scope.type === 'closure' && scope.name !== undefined && scope.name !== '';
    return {
      name: isClosure ? `${name} (${scope.name ?? ''})` : name,
      variablesReference: this.#viewer.add(container),
      expensive: scope.type === 'global',
      ...(scope.type === 'local' ? { presentationHint: 'locals' } : {}),
    };
  }
}

const titles: Readonly<Record<Protocol.Debugger.Scope['type'], string>> = {
  global: 'Global',
  local: 'Local',
  with: 'With block',
  closure: 'Closure',
  catch: 'Catch block',
  block: 'Block',
  script: 'Script',
  eval: 'Eval',
  module: 'Module',
  'wasm-expression-stack': 'Expression stack',
};
