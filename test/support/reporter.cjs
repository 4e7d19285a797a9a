const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

/** Mocha's spec reporter, which also writes its counts to the file that test/run.ts named. */
module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      const file = process.env.NEXDEV_TEST_COUNTS;
      if (file) {
        writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      }
    });
  }
};
