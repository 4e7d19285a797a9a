import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { controlSubjects, replyTypeName } from '../../runtime/protocol/controlApi.ts';
import { controlSubjectsV04 } from '../../runtime/protocol/controlApiV04.ts';
import { deployFunction, startTestNode, type TestNode } from '../support/devNode.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';

const fake = {
  ...{ node_id: 'NFAKE', version: '1', uptime: '1s', target_xkey: 'X', running_machines: 0 },
  tags: { node_name: 'fa\u001b[2Jke', 'nex.devrun': '0' },
};
const envelope = (data: unknown) => JSON.stringify({ type: replyTypeName('ping_response'), data });

const answers: readonly [what: string, bodies: readonly string[]][] = [
  ['nothing', ['']],
  ['garbage', ['{"type":', '\u0000\u0001', 'null', '[]', '"text"']],
  ['no envelope', [JSON.stringify(fake)]],
  ['an envelope of something else', [envelope({ node_id: 5 }), envelope('')]],
  ['an error', [JSON.stringify({ type: 'x', data: '', error: 'Failed' })]],
  ['a megabyte', ['x'.repeat(1_000_000)]],
  ['a thousand times', Array<string>(1000).fill('{}')],
  ['as a node whose id is no token', [envelope({ ...fake, node_id: 'a b.>' })]],
  ['as a node that nobody is, twice', [envelope(fake), envelope(fake)]],
];

describe('beside a stranger who answers what is asked of nodes', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let stranger: NatsConnection;
  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
    await deployFunction(node, connection, {
      file: 'echo.js',
      source: '(subject) => subject',
      subjects: ['strange.echo'],
    });
  });
  beforeEach(async () => (stranger = await node.connect()));
  afterEach(() => stranger.close());

  const nexdev = (...args: string[]) => runNexdev(args, node.environment);

  for (const [what, bodies] of answers) {
    it(`with ${what}, nodes are listed, workloads are found and functions deployed`, async () => {
      const subjects = [
        ...[controlSubjects.pingAll, controlSubjects.auction, 'garbage'],
        ...[`${controlSubjects.pingWorkloads}.>`, controlSubjectsV04.pingAll],
      ];
      for (const subject of subjects) {
        stranger.subscribe(subject, {
          callback: (_, message) => bodies.forEach((body) => message.respond(body)),
        });
      }
      await stranger.flush();
      const listed = await nexdev('node', 'ls');
      assert.equal(listed.code, 0, listed.stderr);
      assert.equal(listed.stdout.split(node.nodeId).length, 2);
      assert.ok(listed.stdout.split('NFAKE').length <= 2);
      assert.doesNotMatch(listed.stdout, /\p{Cc}\[2J/u);
      assert.ok(listed.stderr.split('who is no Nex node').length <= 3, listed.stderr);
      const probed = await nexdev('node', 'probe');
      assert.match(probed.stdout, /echojs/, probed.stderr);
      const stopped = await nexdev('stop', 'nosuch');
      assert.match(stopped.stderr, /No workload nosuch runs\.\nThese do: echojs/);
      const { hash } = await deployFunction(node, connection, {
        file: 'more.js',
        source: '() => 1',
        subjects: ['strange.more'],
      });
      assert.equal(hash.length, 64);
    });
  }

  it('who publishes anything as an event or a log line, both go on', async () => {
    const events = new NexdevProcess(['events', '--json'], node.environment);
    const logs = new NexdevProcess(['logs'], node.environment);
    const log = { level: 'INFO', id: 'w', workload: 'w' };
    const bodies = [
      ...['', 'garbage', 'null', '[]', '{}', 'x'.repeat(1_000_000)],
      JSON.stringify({ ...log, text: 'bad', source: { url: 'file://far/x', line: 1, column: 1 } }),
      JSON.stringify({ ...log, text: 'worse', source: { url: 'file:%', line: 1, column: 1 } }),
    ];
    const event = { data: {}, datacontenttype: 'application/json', id: '1', source: 's' };
    const last = JSON.stringify({ ...event, specversion: '1.0', time: '', type: 'lastEvent' });
    const send = () => {
      for (const body of bodies) {
        stranger.publish('$NEX.events.default.x', body);
        stranger.publish('$NEX.logs.default.N.w', body);
      }
      stranger.publish('$NEX.events.default.lastEvent', last);
      stranger.publish('$NEX.logs.default.N.w', JSON.stringify({ ...log, text: 'lastLine' }));
    };
    // Until both have subscribed.
    const timer = setInterval(send, 200);
    try {
      await events.waitFor(/lastEvent/);
      await logs.waitFor(/worse.*\n[^]*lastLine/);
    } finally {
      clearInterval(timer);
    }
    assert.equal(await events.interrupt(), 0);
    assert.equal(await logs.interrupt(), 0);
  });
});
