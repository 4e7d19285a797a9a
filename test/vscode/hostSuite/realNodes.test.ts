import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { commands } from '../../../extension/ids.ts';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import { deployRequestSchema } from '../../../runtime/protocol/controlApi.ts';
import queries from '../../fixtures/wire/cli-queries.json' with { type: 'json' };
import newerInfo from '../../fixtures/wire/nex-0.4.1/info.json' with { type: 'json' };
import newerList from '../../fixtures/wire/nex-0.4.1/list.json' with { type: 'json' };
import newerPing from '../../fixtures/wire/nex-0.4.1/ping.json' with { type: 'json' };
import { startConfiguredServer } from '../../support/configuredServer.ts';
import { RecordedNode } from '../../support/recordedNode.ts';
import { conversationSchema } from '../../support/recording.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import { seatPerson } from './personsAnswers.ts';
import { eventually, rowsBelow, runningExtension, writeProgram } from './world.ts';

const exchangesOf = (recording: unknown) => conversationSchema.parse(recording).exchanges;

describe('nodes of real Nex in the editor, as they were recorded', () => {
  const own = { id: randomUUID(), name: 'real', login: { kind: 'none' } as const };
  let connection: NatsConnection;
  let real: RecordedNode;

  before(async () => {
    const url = await startConfiguredServer('');
    connection = await connect({ servers: url });
    const asked = exchangesOf(queries);
    const ping = asked.find(({ subject }) => subject === '$NEX.PING');
    assert.ok(ping);
    // It was not recorded, and is answered as the other.
    const alone = { ...ping, subject: `$NEX.PING.${nodeOf(ping.reply)}` };
    real = new RecordedNode(connection, [...asked, alone]);
    for (const recording of [newerPing, newerInfo, newerList]) {
      new RecordedNode(connection, exchangesOf(recording));
    }
    await connection.flush();
    const { connections } = await runningExtension();
    await connections.own.save({ ...own, url });
    await connections.refresh();
    const [row] = (await rowsBelow()).filter(({ label }) => label === own.name);
    await vscode.commands.executeCommand(commands.connect, row?.child);
    await eventually(async () => (await rowsBelow('real')).length === 2);
  });
  after(async () => {
    const { connections } = await runningExtension();
    await connections.own.remove(own.id);
    await connections.refresh();
    await connection.close();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const rowOf = async (...labels: string[]) => {
    const rows = await rowsBelow(...labels.slice(0, -1));
    const row = rows.find(({ label }) => label === labels.at(-1));
    assert.ok(row, `${labels.join(' › ')} is not there`);
    return row;
  };

  const deploy = async (node: string, name: string, source: string, button?: string) => {
    await vscode.window.showTextDocument(await writeProgram(`${name}.js`, source));
    const { child } = await rowOf('real', node);
    const person = seatPerson(button);
    const command = vscode.commands.executeCommand<DevrunResult | undefined>(
      commands.deployToNode,
      child,
    );
    const result = await acceptQuickInput(command);
    person.dispose();
    return { result, seen: person.seen.join('\n') };
  };

  it('of 0.4 are shown with nexlets and what they run, to be looked at', async () => {
    const node = await rowOf('real', 'rec');
    assert.equal(node.item.contextValue, 'nexNodeV04');
    assert.equal(node.item.description, 'Nex 0.4.1 · up <1m');
    const nexlet = await rowOf('real', 'rec', 'go_exec');
    assert.equal(nexlet.item.description, 'nexlet for native · healthy');
    const workload = await rowOf('real', 'rec', 'go_exec', 'ticker');
    assert.equal(workload.item.contextValue, 'nexWorkloadV04');
  });

  it('of 0.3 are shown with what they tell of their workloads, and what was seen of them', async () => {
    const workload = await rowOf('real', 'recorder', 'greet');
    assert.equal(workload.item.contextValue, 'nexForeignWorkload');
    const { child } = workload;
    const id = child.kind === 'workload' ? child.workload.id : '';
    const event = { data: { workload_id: id }, datacontenttype: 'application/json' };
    const envelope = { ...event, id: randomUUID(), source: 'N', specversion: '1.0', time: '' };
    for (const type of ['function_exec_succeeded', 'function_exec_failed']) {
      const subject = `$NEX.events.default.${type}`;
      connection.publish(subject, JSON.stringify({ ...envelope, type }));
    }
    await eventually(async () => {
      const { item } = await rowOf('real', 'recorder', 'greet');
      return item.description === '2 calls · 1 failed';
    });
  });

  it('take no function where they are of 0.4, and that is said', async () => {
    const { result, seen } = await deploy('rec', 'late', '() => 1;\n');
    assert.equal(result, undefined);
    assert.match(
      seen,
      /^rec runs Nex 0\.4\.1, which has no functions\.\nChoose a node of Nex 0\.3/,
    );
  });

  it('take no function that is too large for them, and nothing is sent', async () => {
    const source = `() => '${'x'.repeat(13_000)}';\n`;
    const { result, seen } = await deploy('recorder', 'large', source);
    assert.equal(result, undefined);
    assert.match(seen, /has \d+ bytes; this Nex node refuses more than 12288/);
    assert.equal(real.request('DEPLOY'), undefined);
  });

  it('take a function that needs to be as short as possible to fit', async () => {
    const name = 'x'.repeat(1000);
    const uses = Array.from({ length: 15 }, () => name).join(' + ');
    const source = `(subject) => {\n  const ${name} = subject.length;\n  return ${uses};\n};\n`;
    const { result } = await deploy('recorder', 'wordy', source);
    assert.equal(result?.name, 'wordyjs');
  });

  it('take a function that behaves otherwise there only once that is confirmed', async () => {
    const source = 'async () => 1;\n';
    const declined = await deploy('recorder', 'promising', source);
    assert.equal(declined.result, undefined);
    assert.match(declined.seen, /^It behaves otherwise on recorder, which is a real Nex node\./);
    const { result, seen } = await deploy('recorder', 'promising', source, 'Deploy Anyway');
    assert.equal(result?.name, 'promisingjs');
    assert.match(seen, /recorder \(real\) runs promising\.js on promising\./);
    const requests = real.asked.filter(({ subject }) => subject.startsWith('$NEX.DEPLOY'));
    const sent = deployRequestSchema.parse(requests.at(-1)?.request);
    assert.equal(sent.nexdev, undefined);
    assert.deepEqual(sent.trigger_subjects, ['promising']);
  });
});

const nodeOf = (reply: unknown) => (reply as { data: { node_id: string } }).data.node_id;
