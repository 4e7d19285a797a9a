import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pinnedVersion, releaseArchive } from '../../runtime/nats-server/pinnedRelease.ts';
import { renderServerConfig } from '../../runtime/nats-server/serverConfig.ts';
import { parseServerInfo } from '../../runtime/nats-server/serverInfo.ts';
import { isRecentEnough, parseServerVersion } from '../../runtime/nats-server/serverVersion.ts';
import { parseStoreState } from '../../runtime/nats-server/storeState.ts';

describe('parseServerVersion', () => {
  const cases: [string, string | undefined][] = [
    ['nats-server: v2.14.5\n', '2.14.5'],
    ['nats-server: v2.12.0-RC.1', '2.12.0-RC.1'],
    ['nats-server: v2.9.10', '2.9.10'],
    ['nats-server version 1.4', undefined],
    ['', undefined],
  ];
  for (const [output, version] of cases) {
    it(`reads ${String(version)} from ${JSON.stringify(output)}`, () => {
      assert.equal(parseServerVersion(output), version);
    });
  }

  it('takes 2.10 and above', () => {
    assert.deepEqual(['2.9.25', '2.10.0', '2.14.5', '3.0.0'].map(isRecentEnough), [
      false,
      true,
      true,
      true,
    ]);
  });
});

describe('the pinned release', () => {
  it('is the one of the Go module', () => {
    const module = readFileSync('tools/nats-server/go.mod', 'utf8');
    assert.match(module, new RegExp(`nats-server/v2 v${pinnedVersion.replaceAll('.', '\\.')}\\b`));
  });

  it('has a different sum for every platform, in archives of its version', () => {
    const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64'];
    const archives = platforms.map((name) =>
      releaseArchive(...(name.split('-') as [string, string])),
    );
    for (const archive of archives) {
      assert.match(archive?.sha256 ?? '', /^[0-9a-f]{64}$/);
      assert.ok(archive?.file.startsWith(`nats-server-v${pinnedVersion}-`));
    }
    assert.equal(new Set(archives.map((archive) => archive?.sha256)).size, platforms.length);
  });
});

describe('renderServerConfig', () => {
  it('quotes what a path may contain', () => {
    const text = renderServerConfig({ storeDirectory: 'C:\\a "b"', id: 'nexdev-1', port: -1 });
    assert.match(text, /store_dir: "C:\\\\a \\"b\\""/);
    assert.match(text, /^port: -1$/m);
  });
});

describe('parseServerInfo', () => {
  it('reads the greeting of a server', () => {
    const info = { server_id: 'N', server_name: 'n', version: '2.14.5', jetstream: true };
    assert.deepEqual(parseServerInfo(`INFO ${JSON.stringify(info)} \r\n`), info);
  });

  it('takes nothing else for one', () => {
    for (const text of ['220 mail.example\r\n', 'INFO {"a":1}\r\n', 'INFO {\r\n', '']) {
      assert.equal(parseServerInfo(text), undefined);
    }
  });
});

describe('parseStoreState', () => {
  it('names the file and the reason where it is not a state', () => {
    assert.throws(() => parseStoreState('{"id":"x"}', '/s/nats-server.json'), {
      code: 'store-state-unreadable',
      message: /\/s\/nats-server\.json .*owner/s,
    });
  });
});
