import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  executablePlatform,
  platformText,
  runsOn,
  thisPlatform,
} from '../../runtime/protocol/executablePlatform.ts';
import { executableHead } from '../support/executables.ts';

describe('an executable', () => {
  const rows: [platform: string, head: Buffer][] = [
    ['linux/amd64', executableHead.elf(62)],
    ['linux/arm64', executableHead.elf(183)],
    ['linux/machine 4711', executableHead.elf(4711)],
    ['darwin/arm64', executableHead.machO(0x0100_000c)],
    ['windows/amd64', executableHead.pe(0x8664)],
  ];
  for (const [platform, head] of rows) {
    it(`is for ${platform} by its header`, () => {
      const found = executablePlatform(head);
      assert.equal(found && platformText(found), platform);
    });
  }

  it('of this machine is for this machine', () => {
    const node = executablePlatform(readFileSync(process.execPath));
    assert.deepEqual(node, thisPlatform);
    assert.ok(runsOn(thisPlatform, thisPlatform));
  });

  it('is for no platform where it is a script or its header is cut off', () => {
    const script = Buffer.from(`#!/bin/sh\n${'#'.repeat(100)}`);
    assert.equal(executablePlatform(script), undefined);
    assert.equal(executablePlatform(executableHead.elf(62).subarray(0, 40)), undefined);
    assert.equal(executablePlatform(executableHead.pe(0x8664).subarray(0, 130)), undefined);
  });
});
