import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type {
  ConnectionDetails,
  OwnConnection,
} from '../../../extension/connections/ownConnections.ts';
import { commands } from '../../../extension/ids.ts';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import { nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';
import { startJetStreamLeaf } from '../../support/jetStreamLeaf.ts';
import { startSecondNats, type SecondNats } from '../../support/secondNats.ts';
import { startTlsServer } from '../../support/tlsServer.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { seatPerson } from './personsAnswers.ts';
import { echoSource, eventually, rowsBelow, runningExtension, writeProgram } from './world.ts';

describe('connections in the editor', () => {
  let second: SecondNats;

  before(async () => {
    const { extensionPath } = await runningExtension();
    const nexdev = join(extensionPath, 'dist', 'nexdev.cjs');
    second = await startSecondNats({ nexdev, environment: process.env });
  });
  afterEach(async () => {
    const { connections } = await runningExtension();
    for (const { id } of connections.own.list()) await connections.own.remove(id);
    await connections.refresh();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => second.stop());

  const execute = <Result = unknown>(command: string, ...args: unknown[]) =>
    vscode.commands.executeCommand<Result | undefined>(command, ...args);

  /** As the dialogue of *Add Connection…* leaves it; the walk answers that one. */
  const add = async (name: string, user: string, secret = 'secret') => {
    const { connections } = await runningExtension();
    const login = { kind: 'user', user } as const;
    const own: OwnConnection = { id: randomUUID(), name, url: second.url, login };
    await connections.own.save(own, secret);
    await execute(commands.refresh);
    const row = (await rowsBelow()).find(({ label }) => label === name);
    assert.ok(row, `${name} is not listed`);
    return row.child;
  };

  const connected = async (name: string, user = 'alice') => {
    const item = await add(name, user);
    assert.equal(await execute(commands.connect, item), true);
    await eventually(async () => (await nodeRow(name)) !== undefined);
    return item;
  };

  const nodeRow = async (name: string) =>
    (await rowsBelow(name)).find(({ child }) => child.kind === 'node');

  const labelsBelow = async (...labels: string[]) =>
    (await rowsBelow(...labels)).map(({ label }) => label);

  /** What a person was told while something was done. */
  const seenDuring = async (work: () => PromiseLike<unknown>, button?: string) => {
    const person = seatPerson(button);
    await work();
    person.dispose();
    return person.seen.join('\n');
  };

  const deploy = async (name: string, source = echoSource) => {
    const program = await writeProgram(`${name}.js`, source);
    await vscode.window.showTextDocument(program);
    const node = await nodeRow('second');
    return acceptQuickInput(execute<DevrunResult>(commands.deployToNode, node?.child));
  };

  it('list the contexts of the nats CLI, which lead to their nodes', async () => {
    const directory = join(
      process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'),
      ...['nats', 'context'],
    );
    await mkdir(directory, { recursive: true });
    const context = { url: second.url, user: 'alice', password: 'secret' };
    await writeFile(join(directory, 'staging.json'), JSON.stringify(context));
    await execute(commands.refresh);
    const row = (await rowsBelow()).find(({ label }) => label === 'staging');
    assert.equal(row?.item.contextValue, 'nexContextOff');
    assert.equal(row.item.description, new URL(second.url).host);
    assert.equal(await execute(commands.connect, row.child), true);
    await eventually(async () => (await nodeRow('staging')) !== undefined);
    await execute(commands.disconnect, row.child);
    assert.deepEqual(await rowsBelow('staging'), []);
  });

  it('start no process for a NATS of others', async () => {
    const before = await localNodes();
    await connected('second');
    assert.deepEqual(await localNodes(), before);
  });

  it('keep passwords in no state and no setting', async () => {
    const { connections } = await runningExtension();
    const password = randomUUID();
    await add('second', 'alice', password);
    assert.doesNotMatch(JSON.stringify(connections.own.list()), new RegExp(password));
    const [own] = connections.own.list();
    assert.equal(own && (await connections.own.target(own)).password, password);
  });

  it('are forgotten with their password when they are removed, once that is confirmed', async () => {
    const { connections } = await runningExtension();
    const item = await add('second', 'alice');
    const [own] = connections.own.list();
    assert.ok(own);
    const remove = () => execute(commands.removeConnection, item);
    assert.equal(await seenDuring(remove), 'Remove the connection second?');
    assert.deepEqual(connections.own.list(), [own]);
    await seenDuring(remove, 'Remove');
    assert.deepEqual(await rowsBelow('second'), []);
    assert.ok((await rowsBelow()).every(({ label }) => label !== 'second'));
    await assert.rejects(connections.own.target(own), { code: 'secret-missing' });
  });

  it('say what is there when they are tested, and are left as they were', async () => {
    const item = await add('second', 'alice');
    const text = await execute<string>(commands.testConnection, item);
    assert.match(text ?? '', /^second answers: nats-server 2\.\d+\.\d+ \(.+\), with JetStream, /);
    assert.match(text ?? '', /, 1 node of Nex 0\.3, 0 nodes of Nex 0\.4\.$/);
    const row = (await rowsBelow()).find(({ label }) => label === 'second');
    assert.equal(row?.item.contextValue, 'nexOwnOff');
  });

  /** What *Test Connection* says of a connection without a password. */
  const reportOf = async (url: string, details: ConnectionDetails) => {
    const { connections } = await runningExtension();
    const own = { id: randomUUID(), name: 'other', url, login: { kind: 'none' }, ...details };
    await connections.own.save(own as OwnConnection);
    await execute(commands.refresh);
    const row = (await rowsBelow()).find(({ label }) => label === own.name);
    let text: string | undefined;
    const seen = await seenDuring(async () => {
      text = await execute<string>(commands.testConnection, row?.child);
    });
    await connections.own.remove(own.id);
    return text ?? seen;
  };

  it('use the JetStream domain that they name', async () => {
    const hub = await startJetStreamLeaf('leaf');
    assert.match(await reportOf(hub, {}), /, with JetStream of domain hub, /);
    assert.match(await reportOf(hub, { jsdomain: 'leaf' }), /, with JetStream of domain leaf, /);
    assert.match(await reportOf(hub, { jsdomain: 'elsewhere' }), /, no JetStream \(/);
  });

  it('show a client certificate to a server that wants one, and trust whom they name', async () => {
    const { url, details } = await startTlsServer();
    const { tlsca } = details;
    assert.match(await reportOf(url, details), /^other answers: nats-server /);
    assert.match(
      await reportOf(url, { tlsca }),
      /wants a certificate of ours.*\n.*Edit Connection/,
    );
    assert.match(await reportOf(url, { ...details, tlskey: tlsca }), /: a file for TLS is not one/);
    assert.match(await reportOf(url, {}), /nobody we trust.*\n.*Edit Connection/);
  });

  it('say in words why they fail, also in the tree', async () => {
    const item = await add('second', 'alice', 'wrong');
    const seen = await seenDuring(() => execute(commands.connect, item));
    assert.match(seen, /^second: NATS at .+ refuses us: .*authorization.*\n.*Edit Connection/i);
    const [reason] = await labelsBelow('second');
    assert.match(reason ?? '', /refuses us/);
  });

  it('take a deployment, which is shown with its subject, answers, and is stopped', async () => {
    await connected('second');
    const seen = await seenDuring(async () => {
      assert.equal((await deploy('far'))?.nodeId, second.nodeId);
    });
    assert.match(seen, /\(second\) runs far\.js on far\./);
    const node = (await nodeRow('second'))?.label ?? '';
    await eventually(async () => (await labelsBelow('second', node)).includes('far.js'));
    assert.deepEqual(await labelsBelow('second', node, 'far.js'), ['far']);
    const [workload] = await rowsBelow('second', node);
    const reply = await acceptQuickInput(execute<string>(commands.sendMessage, workload?.child));
    assert.match(reply ?? '', /"triggered_on":"far"/);
    await eventually(async () => {
      const [row] = await rowsBelow('second', node);
      return String(row?.item.description).includes('1 call');
    });
    assert.equal(await execute(commands.copyId, workload?.child), idOf(workload?.child));
    await execute(commands.stopWorkload, workload?.child);
    await eventually(async () => (await rowsBelow('second', node)).length === 0);
  });

  it('take a new version of what was deployed there', async () => {
    const item = await connected('second');
    await deploy('again');
    const node = (await nodeRow('second'))?.label ?? '';
    await eventually(async () => (await labelsBelow('second', node)).includes('again.js'));
    const [workload] = await rowsBelow('second', node);
    const unchanged = await seenDuring(() => execute(commands.redeployWorkload, workload?.child));
    assert.match(unchanged, /againjs runs this version already/);
    await writeProgram('again.js', "() => 'new';\n");
    await execute(commands.redeployWorkload, workload?.child);
    const { connections } = await runningExtension();
    const { connection } = connections.requireNats(
      item.kind === 'connection' ? item.connection.id : '',
    );
    const reply = await connection.request('again', '', { timeout: 20_000 });
    assert.equal(reply.string(), '"new"');
    await execute(commands.stopWorkload, (await rowsBelow('second', node))[0]?.child);
  });

  it('say in words what a user may not: use JetStream', async () => {
    const item = await connected('second', 'storeless');
    assert.match(
      (await execute<string>(commands.testConnection, item)) ?? '',
      notPermitted('\\$JS'),
    );
    const seen = await seenDuring(() => deploy('unstored'));
    assert.match(seen, notPermitted('\\$JS'));
  });

  it('say in words that a message is larger than the NATS takes', async () => {
    await connected('second');
    // Itself larger than that: artifacts are stored in pieces.
    const padding = '// '.padEnd(80_000, 'x');
    assert.equal((await deploy('heavy', `${padding}\n${echoSource}`))?.nodeId, second.nodeId);
    const node = (await nodeRow('second'))?.label ?? '';
    await eventually(async () => (await labelsBelow('second', node)).includes('heavy.js'));
    const workload = (await rowsBelow('second', node)).find(({ label }) => label === 'heavy.js');
    const { state } = await runningExtension();
    await state.update('nex.payload:heavy', 'x'.repeat(70_000));
    const seen = await seenDuring(() =>
      acceptQuickInput(execute(commands.sendMessage, workload?.child)),
    );
    assert.match(seen, /^The message is larger than this NATS takes\.\n?.*max_payload/s);
    await execute(commands.stopWorkload, workload?.child);
  });

  it('say in words what a user may not: subscribe to events', async () => {
    await connected('second', 'deaf');
    const find = async () =>
      (await labelsBelow('second')).find((label) => notPermitted('\\$NEX\\.events').test(label));
    await eventually(async () => (await find()) !== undefined);
  });

  it('let a node take nothing new, once that is confirmed', async () => {
    await connected('second');
    const node = await nodeRow('second');
    const question = await seenDuring(() => execute(commands.lameDuck, node?.child));
    assert.match(question, /take no new workloads\?/);
    assert.doesNotMatch(String((await nodeRow('second'))?.item.description), /lame duck/);
    await seenDuring(() => execute(commands.lameDuck, node?.child), 'Enter Lame Duck Mode');
    await eventually(async () => {
      const row = await nodeRow('second');
      return row === undefined || String(row.item.description).includes('lame duck');
    });
  });
});

const localNodes = () => readdir(nodeFilesDirectory()).catch(() => []);

const notPermitted = (subject: string) =>
  new RegExp(`does not let this user (publish|subscribe) to "${subject}`);

const idOf = (item: unknown) =>
  typeof item === 'object' && item !== null && 'workload' in item
    ? (item.workload as { id: string }).id
    : undefined;
