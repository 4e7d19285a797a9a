import { once } from 'node:events';
import { globSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import Mocha from 'mocha';
import { reportPortVariable, type ReportLine } from '../../support/vscodeHostReport.ts';

/** What VS Code calls in its extension host: runs the test files beside this one and reports over a socket. */
export async function run(): Promise<void> {
  const socket = connect(Number(process.env[reportPortVariable]), '127.0.0.1');
  await once(socket, 'connect');
  const report = (line: ReportLine) => socket.write(`${JSON.stringify(line)}\n`);
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, forbidOnly: true, reporter: Quiet });
  for (const file of globSync(join(__dirname, '*.test.cjs')).sort()) mocha.addFile(file);
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', (test) => report(outcome(test, 'passed')));
    runner.on('pending', (test) => report(outcome(test, 'skipped')));
    runner.on('fail', (test, error: Error) => report(outcome(test, 'failed', error)));
  });
  report({ kind: 'end' });
  socket.end();
  await once(socket, 'close');
}

/** Prints nothing: the driver does. */
class Quiet extends Mocha.reporters.Base {}

function outcome(
  test: Mocha.Runnable,
  state: 'passed' | 'failed' | 'skipped',
  error?: Error,
): ReportLine {
  const title = test.titlePath().join(' › ');
  if (error === undefined) return { kind: 'test', state, title };
  return { kind: 'test', state, title, error: error.stack ?? error.message };
}
