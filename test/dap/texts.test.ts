import assert from 'node:assert/strict';
import { isCaughtByUser } from '../../debug-adapter/catchPrediction.ts';
import { parseHitCondition } from '../../debug-adapter/hitCondition.ts';
import { parseLogMessage } from '../../debug-adapter/logMessage.ts';
import { readRustName } from '../../runtime/protocol/rustName.ts';
import { toScriptExpression } from '../../debug-adapter/scriptExpression.ts';
import { ScriptSyntax } from '../../debug-adapter/scriptSyntax.ts';
import { findSyntaxFault } from '../../debug-adapter/syntaxFault.ts';

const hitConditions: [text: string, stopsAt: number[] | undefined][] = [
  ['3', [3]],
  ['= 3', [3]],
  ['==3', [3]],
  ['> 4', [5, 6]],
  ['>= 4', [4, 5, 6]],
  ['< 3', [1, 2]],
  ['<= 3', [1, 2, 3]],
  ['% 2', [2, 4, 6]],
  ['% 0', []],
  ['often', undefined],
  ['-1', undefined],
];

const logMessages: [text: string, parts: string[]][] = [
  ['plain', ['plain']],
  ['a {b} c', ['a ', '<b>', ' c']],
  ['{ {c: 1}.c }{d}', ['<{c: 1}.c>', '<d>']],
  ['an open { brace', ['an open { brace']],
  ["{'}'}", ["<'}'>"]],
];

/** The `@` is where something is thrown, or awaited for one frame further out. */
const thrown: [what: string, caught: boolean, frames: string[]][] = [
  ['in no try', false, ['() => { @f(); }']],
  ['in a try with a catch', true, ['() => { try { @f(); } catch {} }']],
  ['in a try without one', false, ['() => { try { @f(); } finally {} }']],
  ['in the catch clause', false, ['() => { try {} catch { @f(); } }']],
  ['in a function made in a try', false, ['() => { try { run(() => { @f(); }); } catch {} }']],
  ['and caught by the caller', true, ['() => { @f(); }', '() => { try { @g(); } catch {} }']],
  [
    'in an async function that nobody awaits',
    false,
    ['async () => { @f(); }', '() => { try { @g(); } catch {} }'],
  ],
  [
    'in an async function awaited in a try',
    true,
    ['async () => { @f(); }', 'async () => { try { await @g(); } catch {} }'],
  ],
  [
    'in an async function with a catch handler',
    true,
    ['async () => { @f(); }', '() => @g().catch(h)'],
  ],
];

const renamed = new Map([
  ['limit', 'limit2'],
  ['pkg', 'import_pkg.default'],
  ['ns.twice', 'twice'],
]);

/** As they are written and as the script that runs has them. */
const expressions: [text: string, expected: string][] = [
  [
    'this.kv && [1].map(() => this) && function () { return this; }',
    'globalThis.kv && [1].map(() => globalThis) && function () { return this; }',
  ],
  [
    'limit + a.limit + [limit].map((limit) => limit)',
    'limit2 + a.limit + [limit2].map((limit) => limit)',
  ],
  ['((limit2) => limit + limit2)(1)', '((limit2_) => limit2 + limit2_)(1)'],
  ['limit = 5', 'limit2 = 5'],
  ['({ limit })', '({ limit: limit2 })'],
  ['const limit = 1; limit', 'const limit = 1; limit'],
  ['pkg.name + pkg(1)', 'import_pkg.default.name + (0, import_pkg.default)(1)'],
  ['ns.twice(limit)', 'twice(limit2)'],
  ['limit ===', 'limit ==='],
];

const rustNames: [mangled: string, name: string][] = [
  ['_ZN4echo5shout17h50d88944962f2f8eE', 'echo::shout'],
  [
    '_ZN50_$LT$T$u20$as$u20$core..convert..Into$LT$U$GT$$GT$4into17h50d88944962f2f8eE',
    '<T as core::convert::Into<U>>::into',
  ],
  ['_ZN4echo5shoutE', '_ZN4echo5shoutE'],
  ['__wasm_call_ctors', '__wasm_call_ctors'],
];

describe('what users write', () => {
  for (const [text, stopsAt] of hitConditions) {
    it(`hit count "${text}" ${stopsAt === undefined ? 'is none' : `stops at ${stopsAt.join()}`}`, () => {
      const condition = parseHitCondition(text);
      assert.deepEqual(condition && [1, 2, 3, 4, 5, 6].filter(condition), stopsAt);
    });
  }

  for (const [mangled, name] of rustNames) {
    it(`the function ${mangled} is called ${name}`, () => {
      assert.equal(readRustName(mangled), name);
    });
  }

  for (const [text, parts] of logMessages) {
    it(`log message "${text}" has ${parts.length} parts`, () => {
      const seen = parseLogMessage(text).map((part) =>
        'text' in part ? part.text : `<${part.expression}>`,
      );
      assert.deepEqual(seen, parts);
    });
  }

  for (const [what, caught, frames] of thrown) {
    it(`something thrown ${what} is ${caught ? 'caught' : 'uncaught'}`, () => {
      const syntax = ScriptSyntax.parse(frames.join(';\n').replaceAll('@', ''));
      assert.ok(syntax);
      const positions = frames.map((text, line) => ({ line, column: text.indexOf('@') }));
      assert.equal(isCaughtByUser(syntax, positions), caught);
    });
  }

  for (const [text, expected] of expressions) {
    it(`"${text}" is evaluated as ${expected}`, () => {
      const place = {
        globalThisHere: true,
        expressionFor: (name: string) => renamed.get(name),
      };
      assert.equal(toScriptExpression(text, place), expected);
    });
  }

  it('a condition may have brackets around it, and nothing after it', () => {
    assert.equal(findSyntaxFault('(a) && (b || c)'), undefined);
    assert.match(findSyntaxFault('a; b') ?? '', /unexpected/);
    assert.match(findSyntaxFault('a ===') ?? '', /Unexpected token/);
  });
});
