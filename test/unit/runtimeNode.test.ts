import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { checkIntegrity } from '../../runtime/client/runtimeNodeFetch.ts';
import { parseNodeVersions, unfitReason } from '../../runtime/client/runtimeNodeProbe.ts';
import { nodeRelease } from '../../runtime/client/runtimeNodeRelease.ts';

describe('unfitReason', () => {
  const cases: [string, Record<string, string>, RegExp | undefined][] = [
    ['Node 24', { node: '24.21.0', modules: '137' }, undefined],
    ['Node 26', { node: '26.10.0', modules: '147' }, undefined],
    ['Node 20', { node: '20.20.2', modules: '115' }, /Node 20\.20\.2 \(ABI 115\)/],
    [
      'Electron with the ABI of Node 24',
      { node: '24.1.0', modules: '137', electron: '40' },
      /Electron/,
    ],
    ['Bun', { node: '24.1.0', modules: '137', bun: '1.3.0' }, /Bun/],
  ];
  for (const [name, versions, reason] of cases) {
    it(`${reason === undefined ? 'takes' : 'refuses'} ${name}`, () => {
      const found = unfitReason(parseNodeVersions(JSON.stringify(versions)));
      if (reason === undefined) assert.equal(found, undefined);
      else assert.match(found ?? '', reason);
    });
  }

  it('takes the Node that runs this test', () => {
    assert.equal(unfitReason(process.versions), undefined);
  });
});

describe('the Node that is fetched', () => {
  const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'];

  it('is fixed by its integrity on every platform that isolated-vm has binaries for', () => {
    const found = platforms.map((name) => nodeRelease(...(name.split('-') as [string, string])));
    for (const release of found) assert.match(release?.integrity ?? '', /^sha512-[\w+/]{86}==$/);
    assert.equal(new Set(found.map((release) => release?.integrity)).size, platforms.length);
    assert.equal(nodeRelease('darwin', 'x64'), undefined);
  });

  it('is refused where a single byte differs', () => {
    const bytes = Buffer.from('what was published');
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const release = { package: 'p', version: '1.0.0', integrity, megabytes: 1 };
    checkIntegrity(bytes, release);
    assert.throws(() => checkIntegrity(Buffer.from('what was publisheD'), release), /instead of/);
  });
});
