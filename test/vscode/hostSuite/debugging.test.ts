import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import { commands } from '../../../extension/ids.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { connectToNode, echoSource, eventually, writeProgram } from './world.ts';

describe('the debugger in the editor', () => {
  let connection: NatsConnection;

  before(async () => {
    connection = await connectToNode();
  });
  after(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await connection.close();
  });

  it('stops a message on a breakpoint, shows its payload and lets it go on', async () => {
    const program = await writeProgram('stopped.js', echoSource);
    const line = new vscode.Position(2, 0);
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(program, line))]);
    const configuration = {
      ...{ type: 'nex', request: 'launch', name: 'test', program: program.fsPath },
      subject: 'stopped',
    };
    const frame = nextStackFrame();
    assert.equal(await vscode.debug.startDebugging(undefined, configuration), true);
    const payload = randomUUID();
    const reply = connection.request('stopped', payload, { timeout: 30_000 });
    const { session, frameId, threadId } = await frame;
    const answer: unknown = await session.customRequest('evaluate', {
      expression: 'text',
      frameId,
    });
    assert.equal((answer as { result: string }).result, `'${payload}'`);
    await session.customRequest('continue', { threadId });
    assert.deepEqual((await reply).json(), { triggered_on: 'stopped', payload });
    await vscode.debug.stopDebugging(session);
    await eventually(() => isUnanswered('stopped'));
  });

  it('attaches to a workload that runs, and ends when the workload is stopped', async () => {
    const program = await writeProgram('attached.js', echoSource);
    const run = vscode.commands.executeCommand<DevrunResult>(commands.runFunction, program);
    const { workloadId: id, ...result } = await acceptQuickInput(run);
    const workload = { connectionId: 'local', id, program: program.fsPath, ...result };
    vscode.debug.addBreakpoints([
      new vscode.SourceBreakpoint(new vscode.Location(program, new vscode.Position(2, 0))),
    ]);
    const frame = nextStackFrame();
    const item = { kind: 'workload', workload };
    assert.equal(await vscode.commands.executeCommand(commands.debugWorkload, item), true);
    const reply = connection.request('attached', 'x', { timeout: 30_000 });
    const { session, threadId } = await frame;
    await session.customRequest('continue', { threadId });
    assert.deepEqual((await reply).json(), { triggered_on: 'attached', payload: 'x' });
    const ended = nextEnd();
    await vscode.commands.executeCommand(commands.stopWorkload, item);
    await ended;
    await eventually(() => isUnanswered('attached'));
  });

  const isUnanswered = (subject: string) =>
    connection.request(subject).then(() => false, isNobodyThere);
});

const isNobodyThere = (error: unknown) =>
  error instanceof errors.NoRespondersError || isWrapped(error);
const isWrapped = (error: unknown) =>
  error instanceof errors.RequestError && error.isNoResponders();

const nextEnd = () =>
  new Promise<void>((resolve) => {
    const subscription = vscode.debug.onDidTerminateDebugSession(() => {
      subscription.dispose();
      resolve();
    });
  });

/** The frame that VS Code shows when a session stops next. */
function nextStackFrame(): Promise<vscode.DebugStackFrame> {
  return new Promise((resolve) => {
    const subscription = vscode.debug.onDidChangeActiveStackItem((item) => {
      if (!(item instanceof vscode.DebugStackFrame)) return;
      subscription.dispose();
      resolve(item);
    });
  });
}
