import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import { commands, debugType } from '../../../extension/ids.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { seatPerson } from './personsAnswers.ts';
import { connectToNode, eventually, stopWorkloads, writeProgram } from './world.ts';

const goodHelper = 'export const double = (n: number): number => n * 2;\n';
const faultyHelper = 'export const double = (n: number): number =>\n  n * ;\n';
const entrySource = `import { double } from './double.ts';
export default (subject: string, payload: Uint8Array) => double(payload.length);
`;

describe('the Problems view', () => {
  let connection: NatsConnection;
  let helper: vscode.Uri;
  let entry: vscode.Uri;

  before(async () => {
    connection = await connectToNode();
    helper = await writeProgram('double.ts', goodHelper);
    entry = await writeProgram('doubling.ts', entrySource);
  });
  after(async () => {
    await stopWorkloads();
    await connection.close();
  });

  const run = (uri: vscode.Uri) =>
    acceptQuickInput(
      vscode.commands.executeCommand<DevrunResult | undefined>(commands.runFunction, uri),
    );
  const ours = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Nex');
  const errorsIn = (uri: vscode.Uri) =>
    ours(uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
  const double = async (payload: string) =>
    (await connection.request('doubling', payload, { timeout: 10_000 })).json();

  it('has the fault of an imported file at its place, while the version before goes on answering', async () => {
    await run(entry);
    assert.equal(await double('four'), 8);
    assert.deepEqual(errorsIn(helper), []);
    const person = seatPerson();
    await writeFile(helper.fsPath, faultyHelper);
    await eventually(() => errorsIn(helper).length === 1);
    const [fault] = errorsIn(helper);
    assert.equal(fault?.range.start.line, 1);
    assert.equal(await double('four'), 8);
    await writeFile(helper.fsPath, `${faultyHelper}// still\n`);
    await writeFile(helper.fsPath, goodHelper.replace('* 2', '* 3'));
    await eventually(async () => (await double('four')) === 12);
    person.dispose();
    assert.equal(person.seen.filter((text) => text.includes('double.ts')).length, 1);
    assert.deepEqual(errorsIn(helper), []);
  });

  it('has what keeps a file from being debugged, and no session is started', async () => {
    const broken = await writeProgram('unfinished.ts', 'const half = ;\n() => half;\n');
    const person = seatPerson();
    const configuration = { type: debugType, request: 'launch', name: 'test', subject: 'x' };
    const program = broken.fsPath;
    const started = await vscode.debug.startDebugging(undefined, { ...configuration, program });
    person.dispose();
    assert.equal(started, false);
    assert.equal(errorsIn(broken).length, 1);
    assert.match(person.seen.join('\n'), /unfinished\.ts:1:14/);
  });

  it('has what a real Nex node does otherwise, with a code to look for', async () => {
    const waiting = await writeProgram('waiting.js', 'async (subject) => subject;\n');
    await run(waiting);
    const [warning] = ours(waiting);
    assert.equal(warning?.code, 'promise-returned');
    assert.equal(warning.severity, vscode.DiagnosticSeverity.Information);
    assert.match(warning.message, /real Nex/);
  });
});
