import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ArtifactFiles } from '../../runtime/node/artifactFiles.ts';

describe('artifacts as files', () => {
  const script = Buffer.from('#!/bin/sh\necho ran\n');

  it('are there while a workload uses them, and can be started at once', async () => {
    await using files = new AsyncDisposableStack();
    const artifacts = files.adopt(new ArtifactFiles(), (each) => each.dispose());
    const file = await artifacts.put('hash', script, 'one');
    assert.equal(await artifacts.put('hash', script, 'two'), file);
    if (process.platform !== 'win32') assert.equal(execFileSync(file).toString(), 'ran\n');
    artifacts.release('one');
    artifacts.release('one');
    assert.ok(existsSync(file));
    artifacts.release('two');
    assert.ok(!existsSync(file));
    assert.equal(await artifacts.put('hash', script, 'three'), file);
    assert.ok(existsSync(file));
    await artifacts.dispose();
    assert.ok(!existsSync(file));
  });
});
