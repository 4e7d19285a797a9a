import assert from 'node:assert/strict';
import type { NexError } from '../../runtime/protocol/nexError.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

const strict = { mode: 'strict' };
const both = { mode: 'strict', contexts: 'shared' };

describe('the options of a source', () => {
  const folder = new SourceFolder();

  const rows: [what: string, file: string, text: string, options: object][] = [
    ['without a line', 'a.js', '(s) => s', {}],
    ['in the first line', 'a.js', '// nex: mode=strict contexts=shared\n(s) => s', both],
    ['in TypeScript', 'a.ts', '//nex: mode=strict\n(s: string) => s', strict],
    [
      'in a module, after a hash-bang and comments',
      'a.mjs',
      '#!/usr/bin/env node\r\n/* a\n b */\r\n\r\n// c\r\n  // nex: mode=strict\r\nexport default (s) => s',
      strict,
    ],
    ['after a byte order mark', 'a.js', '\uFEFF// nex: mode=strict\n(s) => s', strict],
    ['below a statement', 'a.js', 'const a = 1;\n// nex: mode=strict\n(s) => s', {}],
    ['inside a comment', 'a.js', '/*\n// nex: mode=strict\n*/\n(s) => s', {}],
  ];
  for (const [what, file, text, options] of rows) {
    it(`are read ${what}`, async () => {
      assert.deepEqual((await folder.build(file, text)).options, options);
    });
  }

  const faults: [text: string, place: RegExp][] = [
    ['// nex: mode=loose', /a\.js:1:9: "mode=loose"/],
    ['\n// nex: mode=strict speed=high', /a\.js:2:21: "speed=high"/],
    ['// nex: strict', /a\.js:1:9: "strict"/],
  ];
  for (const [text, place] of faults) {
    it(`are refused where they are unknown: ${text.trim()}`, async () => {
      await assert.rejects(folder.build('a.js', `${text}\n(s) => s`), (error: NexError) => {
        assert.equal(error.code, 'bad-source-option');
        assert.match(error.message, place);
        assert.match(error.remedy ?? '', /mode=faithful\|strict/);
        return true;
      });
    });
  }
});
