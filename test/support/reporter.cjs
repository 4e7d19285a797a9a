const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

/** Mocha's spec reporter, which also writes its counts and failures to the file that test/run.ts named. */
module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes: passed, pending: skipped } = runner.stats;
      const failures = this.failures.map((test) => ({
        title: test.titlePath().join(' › '),
        error: String(test.err?.stack ?? test.err),
      }));
      const file = process.env.NEXDEV_TEST_COUNTS;
      if (file) writeFileSync(file, JSON.stringify({ passed, skipped, failures }));
    });
  }
};
