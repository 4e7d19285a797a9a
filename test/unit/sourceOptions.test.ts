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
    [
      'with limits of host services',
      'a.js',
      '// nex: kv=orders,dev*:read http= messaging=shop.>\n// nex: kv=more\n(s) => s',
      { allow: { kv: ['orders', 'dev*:read', 'more'], http: [], messaging: ['shop.>'] } },
    ],
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
    ['// nex: kv=a.b', /a\.js:1:9: "kv=a\.b"/],
    ['// nex: http=a/b', /a\.js:1:9: "http=a\/b"/],
    ['// nex: messaging=a..b', /a\.js:1:9: "messaging=a\.\.b"/],
    ['// nex: files=a', /a\.js:1:9: "files=a"/],
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
