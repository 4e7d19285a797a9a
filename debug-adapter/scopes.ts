import type { Protocol } from 'devtools-protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { UserFrame } from './pause.ts';
import type { Position } from './sourceMap.ts';
import type { StackFrames } from './stackFrames.ts';
import { ScopeContainer, type ScopeExtra } from './scopeContainer.ts';
import type { RunningScript } from './runningScript.ts';
import type { Scripts } from './scripts.ts';
import type { ValueViewer } from './variable.ts';
import { wasmScopes } from './wasmScopes.ts';

/** The scopes of a frame. */
export class Scopes {
  readonly #scripts: Scripts;
  readonly #frames: StackFrames;
  readonly #viewer: ValueViewer;

  constructor(scripts: Scripts, frames: StackFrames, viewer: ValueViewer) {
    this.#scripts = scripts;
    this.#frames = frames;
    this.#viewer = viewer;
  }

  of(frameId: number): DebugProtocol.Scope[] {
    const { frame, user, isTop } = this.#frames.get(frameId);
    if (frame === undefined || user === undefined) {
      throw new NexError('async-frame', 'Variables are not available in async stacks.');
    }
    const { code } = this.#scripts.sources;
    if (code.language === 'WebAssembly') return wasmScopes(this.#viewer, frameId, frame);
    const global = frame.scopeChain.find(({ type }) => type === 'global');
    const thisValue = code.hasGlobalThis(user.generated) ? global?.object : frame.this;
    const { callFrameId } = frame;
    return frame.scopeChain.map((scope, index) => {
      const extras = [
        ...(index === 0 && isTop && frame.returnValue !== undefined
          ? [{ name: 'Return value', value: frame.returnValue }]
          : []),
        ...(index === 0 && thisValue !== undefined ? [{ name: 'this', value: thisValue }] : []),
      ];
      return this.#scope(code, { id: frameId, callFrameId, user }, index, scope, extras);
    });
  }

  #scope(
    script: RunningScript,
    frame: { readonly id: number; readonly callFrameId: string; readonly user: UserFrame },
    index: number,
    scope: Protocol.Debugger.Scope,
    extras: ScopeExtra[],
  ): DebugProtocol.Scope {
    const { generated, place } = frame.user;
    const start = positionOf(scope.startLocation) ?? generated;
    const container = new ScopeContainer(this.#viewer, {
      frameId: frame.id,
      callFrameId: frame.callFrameId,
      index,
      scope,
      extras,
      namesOf: (variable) => script.namesOf(variable, start, place.url),
    });
    return {
      name: titleOf(scope, script.isGlue(start)),
      variablesReference: this.#viewer.add(container),
      expensive: scope.type === 'global',
      ...(scope.type === 'local' ? { presentationHint: 'locals' } : {}),
    };
  }
}

function positionOf(location: Protocol.Debugger.Location | undefined): Position | undefined {
  return location && { line: location.lineNumber, column: location.columnNumber ?? 0 };
}

/** What a bundler has put functions around is a module to its author. */
function titleOf({ type, name = '' }: Protocol.Debugger.Scope, isModule: boolean): string {
  if (type !== 'closure' && type !== 'local') return titles[type];
  if (isModule) return titles.module;
  return type === 'closure' && name !== '' ? `${titles.closure} (${name})` : titles[type];
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
