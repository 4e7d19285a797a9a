import assert from 'node:assert/strict';
import { createUser } from '@nats-io/nkeys';
import { makeCertificates } from '../support/certificates.ts';
import { startConfiguredServer } from '../support/configuredServer.ts';
import { isolatedEnvironment } from '../support/devNode.ts';
import { createNatsAccount, seedText } from '../support/natsAccount.ts';
import { NexdevProcess, runNexdev } from '../support/nexdev.ts';
import { SourceFolder } from '../support/sourceFolder.ts';

/** What a server asks for, and what fits it. */
interface Login {
  configuration: string;
  /** Given to the node and to every verb. */
  flags: string[];
  /** The same, as a context of the `nats` CLI has it. */
  context: Record<string, string>;
}

describe('a node and its verbs on a NATS that asks who they are', () => {
  const folder = new SourceFolder();
  const echo = '(subject, payload) => String.fromCharCode(...payload)';

  const logins: [how: string, prepare: () => Login][] = [
    [
      'user and password',
      () => ({
        configuration: 'authorization { user: ann, password: "s e" }',
        flags: ['--user', 'ann', '--password', 's e'],
        context: { user: 'ann', password: 's e' },
      }),
    ],
    [
      'a token',
      () => ({
        configuration: 'authorization { token: secret }',
        flags: ['--user', 'secret'],
        context: { token: 'secret' },
      }),
    ],
    [
      'an nkey',
      () => {
        const user = createUser();
        const nkey = folder.write('user.nk', `${seedText(user)}\n`);
        return {
          configuration: `authorization { users: [ { nkey: ${user.getPublicKey()} } ] }`,
          flags: ['--nkey', nkey],
          context: { nkey },
        };
      },
    ],
    [
      'credentials',
      () => {
        const { configuration, creds } = createNatsAccount();
        const file = folder.write('user.creds', creds);
        return { configuration, flags: ['--creds', file], context: { creds: file } };
      },
    ],
    [
      'the parts of credentials in a context',
      () => {
        const { configuration, creds } = createNatsAccount();
        const [, user_jwt = ''] = /USER JWT-----\s+(\S+)/.exec(creds) ?? [];
        const [, user_seed = ''] = /NKEY SEED-----\s+(\S+)/.exec(creds) ?? [];
        const flags = ['--creds', folder.write('user.creds', creds)];
        return { configuration, flags, context: { user_jwt, user_seed } };
      },
    ],
    [
      'a certificate, by a CA of its own',
      () => {
        makeCertificates(folder.path, ['server', 'client']);
        const path = (name: string) => `${folder.path}/${name}.pem`;
        const [cert, key, ca] = [path('client'), path('client-key'), path('ca')];
        const tls = { cert_file: path('server'), key_file: path('server-key'), ca_file: ca };
        return {
          configuration: `tls: ${JSON.stringify({ ...tls, verify: true })}`,
          flags: ['--tlscert', cert, '--tlskey', key, '--tlsca', ca],
          context: { cert, key, ca },
        };
      },
    ],
  ];

  for (const [how, prepare] of logins) {
    it(`log in by ${how}, given by flags or by a context`, async () => {
      const { configuration, flags, context } = prepare();
      const url = await startConfiguredServer(configuration);
      const file = folder.write('echo.js', echo);
      const named = folder.write('context.json', JSON.stringify({ url, ...context, nsc: '' }));
      const environment = isolatedEnvironment(folder.path);
      for (const target of [
        ['--server', url, ...flags],
        ['--context', named],
      ]) {
        const node = new NexdevProcess(['up', ...target], environment);
        await node.waitFor(/is ready on/);
        const run = async (...args: string[]) => {
          const { code, stdout, stderr } = await runNexdev([...args, ...target], environment);
          assert.equal(code, 0, stderr);
          return stdout;
        };
        await run('devrun', file, '--trigger_subject=echo');
        assert.equal(await run('req', 'echo', 'hello'), '"hello"\n');
        assert.equal(await node.interrupt(), 0);
      }
      const stranger = await runNexdev(['node', 'ls', '--server', url], environment);
      assert.equal(stranger.code, 1);
      assert.match(stranger.stderr, /^Error: NATS at .* (refuses us|cannot be used)/);
    });
  }

  it('find a node by the files it logged in with, and keep passwords to themselves', async () => {
    const { configuration, creds } = createNatsAccount();
    const environment = isolatedEnvironment(folder.path);
    const file = folder.write('user.creds', creds);
    const url = await startConfiguredServer(configuration);
    const node = new NexdevProcess(['up', '--server', url, '--creds', file], environment);
    const [, id = ''] = await node.waitFor(/Node (N\w+) is ready on/);
    const { stdout } = await runNexdev(['node', 'ls'], environment);
    assert.match(stdout, new RegExp(id));
    assert.equal(await node.interrupt(), 0);
    const secret = await startConfiguredServer('authorization { user: ann, password: hidden }');
    const other = new NexdevProcess(
      ['up', '--server', secret.replace('//', '//ann:hidden@')],
      environment,
    );
    await other.waitFor(/is ready on/);
    assert.doesNotMatch(other.printed, /hidden/);
    const refused = await runNexdev(['node', 'ls'], environment);
    assert.match(refused.stderr, /refuses us[^]*--user and --password/);
    const asAnn = ['node', 'ls', '--user', 'ann', '--password', 'hidden'];
    assert.match((await runNexdev(asAnn, environment)).stdout, /N[A-Z0-9]{55}/);
    assert.equal(await other.interrupt(), 0);
  });

  it('are not given to a service, which is told to bring one of its own', async () => {
    const url = await startConfiguredServer('authorization { user: ann, password: hidden }');
    const environment = {
      ...isolatedEnvironment(folder.path),
      NATS_USER: 'ann',
      NATS_PASSWORD: 'hidden',
    };
    const node = new NexdevProcess(['up', '--server', url, '--allow-native'], environment);
    await node.waitFor(/is ready on/);
    const source = '#!/bin/sh\necho "$NATS_URL"; exec /bin/sleep 1000\n';
    const service = folder.write('service.sh', source, 0o755);
    const deploy = (...more: string[]) =>
      runNexdev(['devrun', service, '--server', url, ...more], environment);
    assert.match((await deploy()).stderr, /NATS_URL, but not the login of the node: give it/);
    const { code, stderr } = await deploy('NATS_CREDS=own.creds');
    assert.deepEqual([code, stderr.includes('login of the node')], [0, false], stderr);
    await node.interrupt();
  });

  it('say what of a context they cannot use', async () => {
    const named = folder.write(
      'context.json',
      JSON.stringify({ url: 'nats://127.0.0.1:1', socks_proxy: 'socks5://127.0.0.1:2' }),
    );
    const { stderr } = await runNexdev(
      ['node', 'ls', '--context', named, '--json'],
      isolatedEnvironment(folder.path),
    );
    assert.match(stderr, /"context-unsupported".*socks_proxy/);
  });
});
