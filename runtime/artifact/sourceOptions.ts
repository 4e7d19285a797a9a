import { pathToFileURL } from 'node:url';
import { addAllowed, allowSyntax } from '../protocol/allow.ts';
import type { NexError } from '../protocol/nexError.ts';
import { contextsSchema, modeSchema, type WorkloadOptions } from '../protocol/workloadTypes.ts';
import { sourceError } from './writtenText.ts';

const values = { mode: modeSchema, contexts: contextsSchema };
type Key = keyof typeof values;

/** A hash-bang, blank lines and comments: all that may stand before the line. */
const head = /^(?:#!.*)?(?:\s+|\/\/.*|\/\*[^]*?\*\/)*/;

/**
 * What a source asks for in a comment `// nex: mode=strict contexts=shared kv=orders` above its first statement. Throws
 * `bad-source-option`.
 */
export function readSourceOptions(program: string, source: string): WorkloadOptions {
  const [above = ''] = head.exec(source) ?? [];
  const lines = withoutBlockComments(above).split(/\r?\n/);
  const options: WorkloadOptions = {};
  lines.forEach((line, index) => {
    const [prefix, text = ''] = /^\s*\/\/\s*nex:(.*)$/.exec(line) ?? [];
    if (prefix === undefined) return;
    for (const { 0: word, index: offset } of text.matchAll(/\S+/g)) {
      const column = line.length - text.length + offset + 1;
      const option = parseOption(word, options);
      if (option === undefined) throw badOption(program, word, index + 1, column);
      Object.assign(options, option);
    }
  });
  return options;
}

function parseOption(word: string, earlier: WorkloadOptions): WorkloadOptions | undefined {
  const [key = '', value] = word.split('=', 2);
  if (!isKey(key)) {
    const allow = addAllowed(earlier.allow ?? {}, word);
    return allow && { allow };
  }
  const parsed = values[key].safeParse(value);
  return parsed.success ? { [key]: parsed.data } : undefined;
}

const isKey = (key: string): key is Key => Object.hasOwn(values, key);

function badOption(program: string, word: string, line: number, column: number): NexError {
  const known = Object.entries(values).map(([key, { options }]) => `${key}=${options.join('|')}`);
  const remedy = `A nex: line takes ${known.join(', ')}, ${allowSyntax}.`;
  const text = `"${word}" is no option of a function`;
  const source = { url: pathToFileURL(program).href, line, column };
  return sourceError({ code: 'bad-source-option', text, remedy }, program, source);
}

/** Blanks take their place, so that lines and columns stay. */
const withoutBlockComments = (text: string) =>
  text.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\r\n]/g, ' '));
