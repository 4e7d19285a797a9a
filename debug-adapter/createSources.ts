import { NexError } from '../runtime/protocol/nexError.ts';
import type { SourceRecord } from '../runtime/protocol/sources.ts';
import type { Disassembly } from './disassembly.ts';
import { RunningModule } from './runningModule.ts';
import { RunningScript } from './runningScript.ts';
import type { LineOf } from './scriptNames.ts';
import { Sources } from './sources.ts';

/** Of a function in JavaScript or TypeScript. */
export function sourcesOfScript({ program, scriptUrl, sources, map, script }: SourceRecord) {
  const contents = new Map(sources.map(({ url, content }) => [url, content]));
  const text = script ?? contents.get(scriptUrl);
  if (text === undefined) {
    throw new NexError('no-source-record', `The text of ${program} that runs is not stored.`, {
      remedy: 'Deploy it again.',
    });
  }
  const code = new RunningScript(scriptUrl, text, map, createLineOf(contents));
  return new Sources(program, code, contents);
}

/** Of a WebAssembly module: its text is V8's. */
export function sourcesOfModule({ program }: SourceRecord, url: string, disassembly: Disassembly) {
  const code = new RunningModule(url, disassembly);
  return new Sources(program, code, new Map([[url, code.text]]));
}

function createLineOf(contents: ReadonlyMap<string, string>): LineOf {
  const known = new Map<string, readonly string[]>();
  return (url, line) => {
    const lines = known.get(url) ?? contents.get(url)?.split('\n') ?? [];
    known.set(url, lines);
    return lines[line] ?? '';
  };
}
