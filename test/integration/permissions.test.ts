import assert from 'node:assert/strict';
import { connect } from '@nats-io/transport-node';
import { before, beforeEach } from 'mocha';
import { errorLineSchema } from '../../runtime/protocol/cliLines.ts';
import { startConfiguredServer } from '../support/configuredServer.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { createNatsAccount } from '../support/natsAccount.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

/** Each may do everything but what is said here. */
const users = {
  anybody: '',
  deaf: 'subscribe: { deny: [">"] }',
  dumb: 'publish: { deny: [">"] }',
  withoutNex: 'publish: { deny: ["$NEX.>"] }, subscribe: { deny: ["$NEX.>"] }',
  withoutJetStreamApi: 'publish: { deny: ["$JS.API.>"] }',
  withoutSecrets: 'subscribe: { deny: ["secret.>"] }, publish: { deny: ["secret.>"] }',
  withoutEvents: 'publish: { deny: ["$NEX.events.>", "$NEX.logs.>"] }',
};
const user = (name: string, permissions: string) =>
  `{ user: ${name}, password: p, permissions: { ${permissions} } }`;
const configuration = `accounts {
  FULL { jetstream: enabled, users: [ ${Object.entries(users)
    .map(([name, permissions]) => user(name, permissions))
    .join(', ')} ] }
  BARE { users: [ { user: withoutJetStream, password: p } ] }
}`;

describe('a NATS that does not permit everything', () => {
  const folder = new SourceFolder();
  let environment: NodeJS.ProcessEnv;
  let server: string;
  let echo: string;

  before(async () => (server = await startConfiguredServer(configuration)));
  beforeEach(() => {
    environment = isolatedEnvironment(folder.path);
    echo = folder.write('echo.js', '(subject) => subject');
  });

  const as = (name: string) => ['--server', server, '--user', name, '--password', 'p'];

  const startNode = async (...flags: string[]) => {
    const node = new NexdevProcess(['up', ...flags], environment);
    await node.waitFor(/is ready on/);
    return node;
  };

  /** Fails with one error line; resolves with what it says. */
  const failure = async (...args: string[]) => {
    const { code, stderr } = await runNexdev([...args, '--json'], environment);
    assert.equal(code, 1, stderr);
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    return errorLineSchema.parse(JSON.parse(lines.at(-1) ?? '')).error;
  };

  const echoArgs = () => ['devrun', echo, '--trigger_subject=echo'];
  const runArgs = (node = `N${'A'.repeat(55)}`) => {
    return ['run', 'nats://NEXCLIFILES/echojs', node, '--type=v8', '--trigger_subject=echo'];
  };

  const refusals: [who: string, args: () => string[], message: RegExp, remedy: RegExp][] = [
    ['deaf', () => ['node', 'ls'], /subscribe to "_INBOX\..*where answers arrive/, /inbox_prefix/],
    ['deaf', () => ['req', 'echo'], /subscribe to "_INBOX\./, /inbox_prefix/],
    ['deaf', echoArgs, /subscribe to "_INBOX\./, /inbox_prefix/],
    ['deaf', () => ['logs'], /subscribe to "\$NEX\.logs\.>"/, /\$NEX\.>/],
    ['deaf', () => ['events'], /subscribe to "\$NEX\.events\./, /\$NEX\.>/],
    ['deaf', () => ['up'], /subscribe to "\$NEX\.AUCTION"/, /\$NEX\.>/],
    ['dumb', () => ['node', 'ls'], /publish to "\$NEX\.PING"/, /another user/],
    ['dumb', () => ['req', 'echo'], /publish to "echo"/, /that permission/],
    ['dumb', echoArgs, /publish to "\$NEX\.AUCTION"/, /\$NEX\.>/],
    ['withoutNex', echoArgs, /publish to "\$NEX\.AUCTION"/, /\$NEX\.>/],
    ['withoutNex', runArgs, /publish to "\$NEX\.INFO\./, /\$NEX\.>/],
    ['withoutNex', () => ['stop', 'echojs'], /publish to "\$NEX\.PING"/, /\$NEX\.>/],
    ['withoutNex', () => ['events'], /subscribe to "\$NEX\.events\./, /\$NEX\.>/],
    ['withoutNex', () => ['up'], /subscribe to "\$NEX\.AUCTION"/, /\$NEX\.>/],
  ];
  for (const [who, args, message, remedy] of refusals) {
    it(`says what a user ${who} may not do: ${args().slice(0, 2).join(' ')}`, async () => {
      const error = await failure(...args(), ...as(who));
      assert.equal(error.code, 'nats-permission');
      assert.match(error.message, message);
      assert.match(error.remedy ?? '', remedy);
    });
  }

  it('says what a node of such a user cannot do', async () => {
    const silent = await startNode(...as('withoutEvents'));
    await silent.waitFor(/does not let this user publish to "\$NEX\.events\.system\.node_started"/);
    assert.equal(await silent.interrupt(), 0);
    const node = await startNode(...as('withoutJetStreamApi'));
    assert.match(node.printed, /Nothing can be deployed here\. NATS does not let .*"\$JS\.API\./);
    const { code, message } = await failure(...echoArgs(), ...as('withoutJetStreamApi'));
    assert.equal(code, 'nats-permission');
    assert.match(message, /"\$JS\.API\./);
    // The artifact is there; the node may not fetch it.
    const refused = await failure(...echoArgs(), ...as('anybody'));
    assert.equal(refused.code, 'node-refused');
    assert.match(refused.message, /NATS does not let this user publish to "\$JS\.API\./);
    assert.equal(await node.interrupt(), 0);
  });

  it('says that there is no JetStream, at the start of a node and to who deploys', async () => {
    const node = await startNode(...as('withoutJetStream'));
    assert.match(node.printed, /Nothing can be deployed here\. This NATS has no JetStream/);
    for (const args of [echoArgs(), runArgs(/Node (N\w+) is ready/.exec(node.printed)?.[1])]) {
      const { code, remedy } = await failure(...args, ...as('withoutJetStream'));
      assert.equal(code, 'no-jetstream');
      assert.match(remedy ?? '', /nexdev up/);
    }
    assert.equal(await node.interrupt(), 0);
  });

  it('refuses a trigger subject that the node may not subscribe, and logs what a function may not publish', async () => {
    const node = await startNode(...as('withoutSecrets'));
    const refused = await failure('devrun', echo, '--trigger_subject=secret.a', ...as('anybody'));
    assert.equal(refused.code, 'node-refused');
    assert.match(refused.message, /NATS does not let this user subscribe to "secret\.a"/);
    assert.match(refused.remedy ?? '', /another subject/);
    const teller = folder.write(
      'teller.js',
      "(subject) => { this.messaging.publish('secret.b', new Uint8Array(1)); return subject }",
    );
    const logs = new NexdevProcess(['logs', ...as('anybody')], environment);
    const run = (...args: string[]) => runNexdev([...args, ...as('anybody')], environment);
    const deployed = await run('devrun', teller, '--trigger_subject=tell');
    assert.equal(deployed.code, 0, deployed.stderr);
    const { stdout, stderr } = await run('req', 'tell');
    assert.equal(stdout, '"tell"\n', stderr);
    await logs.waitFor(/WARN.*NATS does not let this user publish to "secret\.b"/);
    await logs.interrupt();
    assert.equal(await node.interrupt(), 0);
  });

  it('says that credentials have expired, and that nobody else may connect', async () => {
    const account = createNatsAccount({ expires: 1_600_000_000 });
    const strict = await startConfiguredServer(account.configuration);
    const creds = folder.write('old.creds', account.creds);
    const expired = await failure('node', 'ls', '--server', strict, '--creds', creds);
    assert.equal(expired.code, 'credentials-expired');
    assert.match(expired.message, /expired on 2020-09-13/);
    const small = await startConfiguredServer('max_connections: 1');
    const only = await connect({ servers: small });
    const { code, message } = await failure('node', 'ls', '--server', small);
    assert.equal(code, 'nats-limit');
    assert.match(message, /no more connections/);
    await only.close();
  });

  it('takes artifacts larger than a message may be, and answers where a result is', async () => {
    const small = await startConfiguredServer('max_payload: 65536');
    const target = ['--server', small];
    const node = await startNode(...target);
    const large = folder.write(
      'large.js',
      `/* ${'x'.repeat(200_000)} */ (subject, payload) => 'y'.repeat(Number(String.fromCharCode(...payload)))`,
    );
    const deployed = await runNexdev(
      ['devrun', large, '--trigger_subject=large', ...target],
      environment,
    );
    assert.equal(deployed.code, 0, deployed.stderr);
    const { stdout } = await runNexdev(['req', 'large', '5', ...target], environment);
    assert.equal(stdout, '"yyyyy"\n');
    const unsendable = await failure('req', 'large', '70000', ...target);
    assert.equal(unsendable.code, 'invocation-failed');
    assert.match(unsendable.message, /takes 65536 bytes at most/);
    const tooLarge = await failure('req', 'large', 'z'.repeat(70_000), ...target);
    assert.equal(tooLarge.code, 'payload-too-large');
    assert.equal(await node.interrupt(), 0);
  });
});
