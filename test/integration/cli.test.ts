import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, afterEach, before, describe, it } from 'mocha';
import { createProgram } from '../../runtime/cli/program.ts';
import { errorLineSchema } from '../../runtime/protocol/cliLines.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import { NexdevProcess, runNexdev, type Finished } from '../support/nexdev.ts';

const echo = `(subject, payload) => {
  console.log('triggered on', subject);
  return { triggered_on: subject, payload: String.fromCharCode(...payload) };
};
`;

describe('nexdev', () => {
  let node: TestNode;
  let connection: NatsConnection;
  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
  });
  after(() => node.stop());
  afterEach(async () => {
    for (const name of await runningNames()) await nexdev('stop', name);
  });

  const nexdev = (...args: string[]): Promise<Finished> => runNexdev(args, node.environment);

  const succeed = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await nexdev(...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  /** The error of a command line that must fail. */
  const fail = async (...args: string[]) => {
    const { code, stderr } = await nexdev(...args, '--json');
    assert.equal(code, 1);
    return errorLineSchema.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).error;
  };

  const write = (name: string, source: string): string => {
    const file = join(node.directory, name);
    writeFileSync(file, source);
    return file;
  };

  const ask = async (subject: string, payload = ''): Promise<string> =>
    (await connection.request(subject, payload, { timeout: 20_000 })).string();

  async function runningNames(): Promise<string[]> {
    const info = JSON.parse(await succeed('node', 'info', '--json')) as {
      machines: { workload: { name: string } }[];
    };
    return info.machines.map(({ workload }) => workload.name);
  }

  it('alone prints help; each verb has an example', async () => {
    assert.match(await succeed(), /Usage: nexdev/);
    const verbs = createProgram().commands.flatMap((verb) =>
      verb.commands.length === 0
        ? [[verb.name()]]
        : verb.commands.map((inner) => [verb.name(), inner.name()]),
    );
    assert.equal(verbs.length, 13);
    const helps = await Promise.all(verbs.map((verb) => succeed(...verb, '--help')));
    for (const [index, help] of helps.entries()) {
      assert.match(help, /Example:\n {2}nexdev /);
      assert.match(help, /--json/);
      // A build needs no NATS.
      assert.equal(help.includes('--server'), verbs[index]?.[0] !== 'build');
    }
  });

  it('tells what is wrong with a command line as it tells every other error', async () => {
    for (const [args, message, verb] of [
      [['ups'], /unknown command 'ups'.*Did you mean up/s, 'nexdev'],
      [['node', 'lst'], /unknown command 'lst'/, 'nexdev node'],
      [['devrun'], /missing required argument 'file'/, 'nexdev devrun'],
      [['logs', '--level', 'loud'], /one of DEBUG, INFO, WARN, ERROR/, 'nexdev logs'],
      [['up', '--port', 'x'], /'x' is invalid. A port is a number/, 'nexdev up'],
    ] as const) {
      const { code, ...error } = await fail(...args);
      assert.equal(code, 'usage');
      assert.match(error.message, message);
      assert.equal(error.remedy, `See what there is: ${verb} --help`);
    }
    const { stderr } = await nexdev('req');
    assert.match(stderr, /^Error: missing required argument 'subject'\nSee what there is: /);
    assert.match(await succeed('--version'), /^\d+\.\d+\.\d+\n$/);
  });

  for (const subject of ['iot.*', '>', 'a b', 'a..b', '']) {
    it(`sends nothing to "${subject}"`, async () => {
      const { code, message } = await fail('req', subject);
      assert.equal(code, 'invalid-subject');
      assert.match(message, /^Nothing can be sent to .*: it /);
    });
  }

  it('deploys, answers requests and says so in the words of nex', async () => {
    const file = write('echo.js', echo);
    const printed = await succeed('devrun', file, '--trigger_subject=echo', 'A=1');
    assert.match(
      printed,
      /🚀 Workload 'echojs' accepted\. You can now refer to this workload with ID: [0-9a-f-]{36} on node N/,
    );
    assert.match(printed, /existing issuer account key: .*issuer\.nk/);
    const reply = await succeed('req', 'echo', 'hello nex!');
    assert.equal(reply, '{"triggered_on":"echo","payload":"hello nex!"}\n');
  });

  it('understands flags pasted with a typographic dash, and repeated subjects', async () => {
    const file = write('echo.js', echo);
    const flags = ['–trigger_subject=one', '—trigger_subject', 'two.*', '–type', 'v8'];
    await succeed('devrun', file, ...flags);
    assert.match(await ask('one'), /"one"/);
    assert.match(await ask('two.x', '–type'), /"two\.x","payload":"/);
  });

  it('leaves the old version answering when a redeploy fails', async () => {
    const file = write('echo.js', echo);
    await succeed('devrun', file, '--trigger_subject=echo');
    write('echo.js', '(subject) => {');
    const error = await fail('devrun', file, '--trigger_subject=echo');
    assert.equal(error.code, 'syntax-error');
    assert.match(error.message, /echo\.js:1:15: /);
    write('echo.js', '(subject) => subject');
    const refused = await fail('devrun', file, '--trigger_subject=$SYS.x');
    assert.equal(refused.code, 'node-refused');
    assert.match(refused.remedy ?? '', /neither begins with \$/);
    assert.match(await ask('echo', 'still here'), /still here/);
  });

  it('replaces a workload of the same name', async () => {
    const file = write('echo.js', "() => 'old'");
    await succeed('devrun', file, '--trigger_subject=echo');
    write('echo.js', "() => 'new'");
    const { replaced } = JSON.parse(
      await succeed('devrun', file, '--trigger_subject=echo', '--json'),
    ) as { replaced: boolean };
    assert.equal(replaced, true);
    assert.deepEqual(await runningNames(), ['echojs']);
    assert.equal(await ask('echo'), '"new"');
  });

  it('warns where somebody else answers the subject', async () => {
    await succeed('devrun', write('one.js', '() => 1'), '--trigger_subject=taken');
    const { stderr } = await nexdev(
      'devrun',
      write('two.js', '() => 2'),
      '--trigger_subject=taken',
    );
    assert.match(stderr, /Warning: .*taken/);
  });

  const refusals: [what: string, args: string[], code: string, message: RegExp][] = [
    ['a missing file', ['devrun', 'none.js', '--trigger_subject=x'], 'file-not-found', /none\.js/],
    [
      'a subject with a space',
      ['devrun', 'ECHO', '--trigger_subject=a b'],
      'invalid-subject',
      /"a b"/,
    ],
    ['no subject', ['devrun', 'ECHO'], 'no-trigger-subject', /at least one trigger subject/],
    ['a type that Nex does not have', ['devrun', 'ECHO', '--type', 'oci'], 'usage', /oci/],
    ['a bad variable', ['devrun', 'ECHO', 'nonsense'], 'invalid-environment', /nonsense/],
    ['an unknown workload', ['stop', 'nobody'], 'no-such-workload', /nobody/],
    ['two workloads', ['stop', 'one', 'other'], 'too-many-arguments', /one workload/],
    ['an unknown node', ['node', 'info', 'NOBODY'], 'node-not-found', /NOBODY/],
    [
      'a dead server',
      ['node', 'ls', '-s', 'nats://127.0.0.1:1'],
      'nats-unreachable',
      /127\.0\.0\.1:1/,
    ],
    ['a missing context', ['node', 'ls', '--context', 'gone'], 'context-not-found', /gone/],
    ['missing credentials', ['node', 'ls', '--creds', '/none'], 'credentials-unreadable', /none/],
  ];
  for (const [what, args, code, message] of refusals) {
    it(`refuses ${what} with a reason and a remedy`, async () => {
      const file = write('echo.js', echo);
      const error = await fail(...args.map((arg) => (arg === 'ECHO' ? file : arg)));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.remedy);
    });
  }

  it('says which workloads run where nobody answers', async () => {
    await succeed('devrun', write('echo.js', echo), '--trigger_subject=echo');
    const { code, message, remedy } = await fail('req', 'ecko');
    assert.equal(code, 'no-responders');
    assert.match(message, /ecko/);
    assert.match(remedy ?? '', /echojs \(echo\)/);
  });

  it('fails a request whose function fails, at once', async () => {
    const file = write('boom.js', "() => { throw new Error('boom') }");
    await succeed('devrun', file, '--trigger_subject=boom');
    const { code, stdout, stderr } = await nexdev('req', 'boom', '--headers');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /Nats-Service-Error-Code: 500/);
    assert.match(stderr, /The function failed \(500\): .*boom/);
  });

  it('keeps the limits of one workload', async () => {
    const file = write('loop.js', '() => { for (;;); }');
    await succeed('devrun', file, '--trigger_subject=loop', '--timeout', '200ms');
    const { message } = await fail('req', 'loop');
    assert.match(message, /\(504\)/);
  });

  it('shows logs with level, workload and source line', async () => {
    const file = write('echo.js', echo);
    const logs = new NexdevProcess(['logs', '--server', node.url], node.environment);
    // Seen in the logs, so the subscription is there.
    await succeed('devrun', file, '--trigger_subject=echo');
    while (!logs.printed.includes('triggered on echo')) await ask('echo');
    await logs.waitFor(/INFO {3}echojs {2}triggered on echo {2}\(echo\.js:2:\d+\)/);
    assert.equal(await logs.interrupt(), 0);
  });

  it('stops a workload', async () => {
    await succeed('devrun', write('echo.js', echo), '--trigger_subject=echo');
    assert.match(await succeed('stop', 'ECHOJS'), /✅ Workload '[0-9a-f-]{36}' stopped\./);
    await assert.rejects(ask('echo'), /no responders/);
  });

  it('finds NATS by a context of the nats CLI', async () => {
    const context = write('context.json', JSON.stringify({ url: node.url, creds: '', user: '' }));
    assert.match(await succeed('node', 'ls', '--context', context), new RegExp(node.nodeId));
  });

  it('starts no second node on the default store, and names the one that runs', async () => {
    const { code, message } = await fail('up');
    assert.equal(code, 'node-running');
    assert.match(message, new RegExp(node.nodeId));
  });

  it('joins a NATS that runs, and runs no services on it unasked', async () => {
    const args = ['up', '--server', node.url, '--node-name', 'guest'];
    const guest = new NexdevProcess(args, node.environment);
    const [, id = ''] = await guest.waitFor(/Node (N\w+) is ready on/);
    const { tags, supported_workload_types: types } = JSON.parse(
      await succeed('node', 'info', id, '--json'),
    ) as { tags: Record<string, string>; supported_workload_types: string[] };
    assert.equal(tags['node_name'], 'guest');
    assert.deepEqual(types, ['v8', 'wasm']);
    assert.equal(await guest.interrupt(), 0);
    assert.equal((await fail('node', 'info', id)).code, 'node-not-found');
  });

  it('lists nodes', async () => {
    assert.match(await succeed('node', 'ls'), new RegExp(node.nodeId));
    const [first] = JSON.parse(await succeed('node', 'ls', '--json')) as { node_id: string }[];
    assert.equal(first?.node_id, node.nodeId);
    assert.match(await succeed('node', 'info'), /NEX Node Information[^]*nex\.devrun=/);
  });

  describe('replay', () => {
    before(async () => {
      const manager = await jetstreamManager(connection);
      await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
      await jetstream(connection).publish('orders.new', 'one apple');
    });

    it('runs a stored message through a file, and leaves nothing behind', async () => {
      const file = write('echo.js', echo);
      const { code, stdout, stderr } = await nexdev(
        ...['replay', file, '--stream', 'ORDERS', '--seq', '1', '--yes'],
      );
      assert.equal(code, 0, stderr);
      assert.match(stdout, /ORDERS #1 \(subject orders\.new\) through echojs/);
      assert.match(stdout, /\{"triggered_on":"orders\.new","payload":"one apple"\}/);
      assert.match(stderr, /triggered on orders\.new {2}\(echo\.js:2/);
      assert.deepEqual(await runningNames(), []);
      const { state } = await (await jetstreamManager(connection)).streams.info('ORDERS');
      assert.equal(state.messages, 1);
      assert.equal(state.consumer_count, 0);
    });

    it('runs it through a workload that runs, and does not touch one of the same name', async () => {
      const file = write('echo.js', "() => 'running'");
      await succeed('devrun', file, '--trigger_subject=echo');
      const message = ['--stream', 'ORDERS', '--seq', '1', '--yes'];
      assert.match(await succeed('replay', 'echojs', ...message), /\n"running"\n$/);
      write('echo.js', "() => 'edited'");
      assert.match(await succeed('replay', file, ...message), /\n"edited"\n$/);
      assert.equal(await ask('echo'), '"running"');
    });

    it('fails where the function does', async () => {
      const file = write('boom.js', "() => { throw new Error('boom') }");
      const error = await fail('replay', file, '--stream', 'ORDERS', '--seq', '1', '--yes');
      assert.equal(error.code, 'invocation-failed');
      assert.match(error.message, /boom/);
    });

    it('asks first, and says that host services are live', async () => {
      const args = ['replay', write('echo.js', echo), '--stream', 'ORDERS', '--seq', '1'];
      const { code, stderr } = await nexdev(...args);
      assert.equal(code, 1);
      assert.match(stderr, /Host services are live/);
      assert.match(stderr, /--yes/);
    });

    it('says when there is no such message', async () => {
      const file = write('echo.js', echo);
      const error = await fail('replay', file, '--stream', 'ORDERS', '--seq', '99', '--yes');
      assert.equal(error.code, 'message-unavailable');
      assert.match(error.message, /99/);
      assert.deepEqual(await runningNames(), []);
    });
  });

  it('redeploys at each save with --watch, and survives one that does not build', async () => {
    const file = write('watched.js', "() => 'first'");
    const args = ['devrun', file, '--trigger_subject=watched', '--watch'];
    const watching = new NexdevProcess(args, node.environment);
    await watching.waitFor(/accepted/);
    assert.equal(await ask('watched'), '"first"');
    write('watched.js', '() => {');
    await watching.waitFor(/watched\.js:1:8/);
    assert.equal(await ask('watched'), '"first"');
    write('watched.js', "() => 'second'");
    await watching.waitFor(/accepted[^]*accepted/);
    assert.equal(await ask('watched'), '"second"');
    assert.equal(await watching.interrupt(), 0);
    assert.equal(await ask('watched'), '"second"');
  });
});
