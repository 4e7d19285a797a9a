import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import type { DevrunResult } from '../../../runtime/client/devrun.ts';
import { keyUri, messageUri } from '../../../extension/filesystems/nexDocuments.ts';
import { commands } from '../../../extension/ids.ts';
import { NodeLink } from '../../../extension/node/nodeLink.ts';
import { BucketsView } from '../../../extension/views/bucketsView.ts';
import { JetStreamWatch } from '../../../extension/views/jetStreamWatch.ts';
import { StreamsView } from '../../../extension/views/streamsView.ts';
import { acceptQuickInput } from './acceptQuickInput.ts';
import {
  connectToNode,
  echoSource,
  eventually,
  localRows,
  stopWorkloads,
  writeProgram,
} from './world.ts';

describe('functions in the editor', () => {
  let connection: NatsConnection;
  let echo: vscode.Uri;

  before(async () => {
    echo = await writeProgram('echo.js', echoSource);
    connection = await connectToNode();
  });
  after(async () => {
    await stopWorkloads();
    await connection.close();
  });

  const request = async (subject: string, payload: string): Promise<unknown> =>
    (await connection.request(subject, payload, { timeout: 10_000 })).json();

  it('run on the suggested subject and answer', async () => {
    const command = vscode.commands.executeCommand<DevrunResult>(commands.runFunction, echo);
    const { name } = await acceptQuickInput(command);
    assert.equal(name, 'echojs');
    const payload = randomUUID();
    assert.deepEqual(await request('echo', payload), { triggered_on: 'echo', payload });
  });

  it('are not asked for their subject a second time', async () => {
    const result = await vscode.commands.executeCommand<DevrunResult>(commands.runFunction, echo);
    assert.equal(result.replaced, true);
  });

  it('answer in their new version once saved', async () => {
    const document = await vscode.workspace.openTextDocument(echo);
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(echo, whole, echoSource.replace('payload: text', 'payload: `new ${text}`'));
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await eventually(async () => JSON.stringify(await request('echo', 'x')).includes('new x'));
  });

  it('go on answering in their old version when saved with a fault', async () => {
    const broken = await writeProgram('broken.js', '() => 1');
    const command = vscode.commands.executeCommand<DevrunResult>(commands.runFunction, broken);
    await acceptQuickInput(command);
    const document = await vscode.workspace.openTextDocument(broken);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(broken, new vscode.Range(0, 0, document.lineCount, 0), '() => {');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    const again = await vscode.commands.executeCommand<DevrunResult>(commands.runFunction, broken);
    assert.equal(again, undefined);
    assert.equal(await request('broken', ''), 1);
  });

  describe('are seen in the views', () => {
    let log: vscode.LogOutputChannel;
    let link: NodeLink;

    before(async () => {
      log = vscode.window.createOutputChannel('host suite', { log: true });
      link = new NodeLink(log);
      await link.linkIfRunning();
    });
    after(async () => {
      await link.dispose();
      log.dispose();
    });

    it('under their node, by file and subject', async () => {
      await vscode.commands.executeCommand(commands.refresh);
      await eventually(async () => (await localRows()).length === 2);
      const rows = (await localRows()).map(({ item }) => item);
      assert.deepEqual(
        rows.map(({ label }) => label),
        ['broken.js', 'echo.js'],
      );
      await eventually(async () => {
        const description = String((await localRows())[1]?.item.description);
        return /^echo · \d+ calls?/.test(description);
      });
    });

    it('beside KV buckets, whose values open as documents', async () => {
      const bucket = await new Kvm(connection).create('devices');
      await bucket.put('d1', '{"temperature":35}');
      const watch = new JetStreamWatch(link, log);
      const view = new BucketsView(link, watch);
      watch.refresh();
      await eventually(async () => (await view.getChildren()).length === 1);
      const [item] = await view.getChildren();
      const keys = await view.getChildren(item);
      assert.deepEqual(keys, [{ kind: 'key', bucket: 'devices', key: 'd1' }]);
      const document = await vscode.workspace.openTextDocument(keyUri('devices', 'd1'));
      assert.equal(document.getText(), '{\n  "temperature": 35\n}');
      watch.dispose();
    });

    it('beside streams with their latest messages', async () => {
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'IOT', subjects: ['iot.*'] });
      await jetstream(connection).publish('iot.one', 'first');
      await jetstream(connection).publish('iot.two', Uint8Array.of(0, 255, 65));
      const watch = new JetStreamWatch(link, log);
      const view = new StreamsView(link, watch);
      watch.refresh();
      await eventually(async () => (await view.getChildren()).length === 1);
      const [stream] = await view.getChildren();
      const messages = await view.getChildren(stream);
      assert.deepEqual(
        messages.map((message) => view.getTreeItem(message).label),
        ['#2 iot.two', '#1 iot.one'],
      );
      const document = await vscode.workspace.openTextDocument(messageUri('IOT', 2));
      assert.match(document.getText(), /^00000000 {2}00 ff 41 .*\.\.A$/);
      watch.dispose();
    });
  });
});
