import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import { commands, debugType } from '../../../extension/ids.ts';
import { NodeLink } from '../../../extension/node/nodeLink.ts';
import { seatPerson } from './personsAnswers.ts';
import { connectToNode, eventually, localRows, stopWorkloads, writeProgram } from './world.ts';

/** Lives until it is stopped; a debugger sees what it was given. */
const serviceSource = `#!/usr/bin/env node
const secret = process.env.SECRET ?? 'none';
console.log('serving with', secret, process.argv.slice(2).join(' '));
setInterval(() => {
  const seen = secret;
}, 50);
`;

describe('services in the editor', () => {
  let connection: NatsConnection;
  let log: vscode.LogOutputChannel;
  let link: NodeLink;
  let service: vscode.Uri;

  before(async () => {
    connection = await connectToNode();
    log = vscode.window.createOutputChannel('host suite', { log: true });
    link = new NodeLink(log);
    await link.linkIfRunning();
    service = await writeProgram('serve.js', serviceSource);
    await chmod(service.fsPath, 0o755);
  });
  after(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await stopWorkloads();
    await link.dispose();
    log.dispose();
    await connection.close();
  });

  const workloads = () => link.dev(link.requireNode()).workloads();

  it('run as they are, without a subject, and look like services', async () => {
    const plain = await writeProgram('sleeper', '#!/bin/sh\nexec sleep 600\n');
    await chmod(plain.fsPath, 0o755);
    const result = await vscode.commands.executeCommand<DevrunResult>(commands.runService, plain);
    assert.equal(result.name, 'sleeper');
    const find = async () => (await localRows()).find(({ item }) => item.label === 'sleeper')?.item;
    await eventually(async () => (await find()) !== undefined);
    const item = await find();
    assert.equal(item?.contextValue, 'nexService');
    assert.equal((item.iconPath as vscode.ThemeIcon).id, 'server-process');
  });

  it('are refused where the file is neither function nor executable', async () => {
    const notes = await writeProgram('NOTES', 'no program');
    const person = seatPerson();
    assert.equal(await vscode.commands.executeCommand(commands.runService, notes), undefined);
    person.dispose();
    assert.match(person.seen.join('\n'), /NOTES is neither a function nor an executable/);
  });

  it('are not asked for a subject, which they do not have', async () => {
    const plain = await writeProgram('subjectless', '#!/bin/sh\nexec sleep 600\n');
    await chmod(plain.fsPath, 0o755);
    const person = seatPerson();
    await vscode.commands.executeCommand(commands.devrunOnSubject, plain);
    person.dispose();
    assert.match(person.seen.join('\n'), /subjectless is a service: it has no subject/);
  });

  it('stop in the debugger of their language, with the environment given, and end with the session', async () => {
    const line = new vscode.Position(4, 0);
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(service, line))]);
    const stopped = nextStop();
    await vscode.debug.startDebugging(undefined, {
      ...{ type: debugType, request: 'launch', name: 'service', program: service.fsPath },
      ...{ debugger: 'node', env: { SECRET: 'from the configuration' }, argv: ['one', 'two'] },
    });
    const { session, frameId } = await stopped;
    assert.match(session.type, /node/);
    const answer: unknown = await session.customRequest('evaluate', {
      expression: 'secret + Object.keys(process.env).includes("HOME")',
      frameId,
    });
    assert.equal((answer as { result: string }).result, "'from the configurationfalse'");
    assert.equal((await workloads()).filter(({ name }) => name === 'servejs').length, 1);
    await vscode.debug.stopDebugging();
    await eventually(async () => (await workloads()).every(({ name }) => name !== 'servejs'));
  });

  it('keep their debugger when they are built again', async () => {
    const source = '#!/usr/bin/env node\nsetInterval(() => {}, 1000);\n';
    const rebuilt = await writeProgram('rebuilt', source);
    await chmod(rebuilt.fsPath, 0o755);
    await vscode.commands.executeCommand(commands.runService, rebuilt);
    await vscode.debug.startDebugging(undefined, {
      ...{ type: debugType, request: 'launch', name: 'rebuilt', program: rebuilt.fsPath },
      debugger: 'node',
    });
    const debugged = async () => (await workloads()).find(({ debugger: own }) => own !== undefined);
    await eventually(async () => (await debugged()) !== undefined);
    await eventually(() => vscode.debug.activeDebugSession !== undefined);
    const id = (await debugged())?.id;
    const person = seatPerson();
    await writeProgram('rebuilt', `${source}// of another build\n`);
    await eventually(() => person.seen.some((text) => text.includes('goes on in the debugger')));
    person.dispose();
    assert.equal((await debugged())?.id, id);
    await vscode.debug.stopDebugging();
    await eventually(async () => (await debugged()) === undefined);
  });

  it('need the extension of their debugger, which is named', async () => {
    const person = seatPerson();
    const started = vscode.debug.startDebugging(undefined, {
      ...{ type: debugType, request: 'launch', name: 'service', program: service.fsPath },
      debugger: 'dlv',
    });
    await eventually(() => person.seen.length > 0);
    await vscode.commands.executeCommand('notifications.clearAll');
    assert.equal(await started, false);
    person.dispose();
    assert.match(person.seen[0] ?? '', /golang\.go/);
  });
});

/** The frame that VS Code shows when a session stops next. */
function nextStop(): Promise<vscode.DebugStackFrame> {
  return new Promise((resolve) => {
    const subscription = vscode.debug.onDidChangeActiveStackItem((item) => {
      if (!(item instanceof vscode.DebugStackFrame)) return;
      subscription.dispose();
      resolve(item);
    });
  });
}
