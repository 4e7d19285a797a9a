import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { debugType } from '../../../extension/ids.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { seatPerson } from './personsAnswers.ts';
import { connectToNode, echoSource, eventually, writeProgram } from './world.ts';

describe('F5', () => {
  let connection: NatsConnection;
  let sessions: vscode.DebugSession[];
  let subscription: vscode.Disposable;

  before(async () => {
    connection = await connectToNode();
  });
  beforeEach(() => {
    sessions = [];
    subscription = vscode.debug.onDidStartDebugSession((session) => sessions.push(session));
  });
  afterEach(async () => {
    subscription.dispose();
    await vscode.debug.stopDebugging();
    await eventually(() => vscode.debug.activeDebugSession === undefined);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await connection.close();
  });

  const open = async (name: string, source = echoSource) => {
    const program = await writeProgram(name, source);
    await vscode.window.showTextDocument(program);
    return program.fsPath;
  };

  it("leaves a file to Node's debugger where nobody chose ours", async () => {
    await open('plain.js', 'setInterval(() => undefined, 1000);\n');
    await acceptQuickInput(vscode.commands.executeCommand('workbench.action.debug.start'));
    await eventually(() => sessions.length > 0);
    assert.deepEqual(
      sessions.filter(({ type }) => type === debugType),
      [],
    );
    assert.match(sessions[0]?.type ?? '', /node/);
  });

  it('with the least configuration debugs the active file, on a subject that it asks for', async () => {
    const program = await open('least.js');
    const least = { type: debugType, request: 'launch', name: 'least' };
    assert.equal(await acceptQuickInput(vscode.debug.startDebugging(undefined, least)), true);
    assert.equal(sessions[0]?.configuration['program'], program);
    assert.deepEqual(sessions[0].configuration['subject'], ['least']);
    const reply = await connection.request('least', 'x', { timeout: 10_000 });
    assert.deepEqual(reply.json(), { triggered_on: 'least', payload: 'x' });
  });

  it('says what is missing where no file of a function is active', async () => {
    await vscode.window.showTextDocument(await writeProgram('notes.txt', 'no function'));
    const person = seatPerson();
    const least = { type: debugType, request: 'launch', name: 'least' };
    const started = await vscode.debug.startDebugging(undefined, least);
    person.dispose();
    assert.equal(started, false);
    assert.deepEqual(person.seen, [
      'No file of a function is active.\nOpen the file of a function.',
    ]);
  });

  it('offers the active file first among those of the Nex debugger', async () => {
    const program = await open('offered.js');
    const started = vscode.commands
      .executeCommand('workbench.action.debug.selectandstart', debugType)
      .then(() => eventually(() => sessions.length > 0));
    await acceptQuickInput(started);
    const [session] = sessions;
    assert.equal(session?.type, debugType);
    assert.equal(session.configuration['program'], program);
    assert.equal(session.configuration.name, 'Nex: offered.js');
  });
});
