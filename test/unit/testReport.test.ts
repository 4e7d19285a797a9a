import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countsSchema } from '../support/counts.ts';
import { describeFailure } from '../support/describeFailure.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

describe('the report of a test run', () => {
  const folder = new SourceFolder();

  it('names each test that failed by its full title, with the first lines of its error and its place', () => {
    const tests = folder.write(
      'sums.test.cjs',
      `
        describe('sums', () => {
          it('are right', () => {});
          it('are wrong', () => { require('node:assert').equal(1 + 1, 3, 'one and one'); });
          it('are left out');
          after('all', () => { throw new Error('cannot tidy up'); });
        });`,
    );
    const file = join(folder.path, 'counts.json');
    spawnSync(
      process.execPath,
      ['node_modules/mocha/bin/mocha.js', '--reporter=test/support/reporter.cjs', tests],
      { env: { ...process.env, NEXDEV_TEST_COUNTS: file } },
    );
    const counts = countsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    assert.deepEqual([counts.passed, counts.skipped], [1, 1]);
    const [wrong, hook] = counts.failures.map(describeFailure);
    assert.match(
      wrong ?? '',
      /^✘ sums › are wrong\n {4}AssertionError.*: one and one\n {4}at .*sums\.test\.cjs:4:\d+/,
    );
    assert.match(hook ?? '', /^✘ sums › "after all" hook: all.*\n {4}Error: cannot tidy up\n/);
  });
});
