import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Objm } from '@nats-io/obj';
import { devrun } from '../../runtime/client/devrun.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { artifactBucket } from '../../runtime/protocol/controlApi.ts';
import { platformText, thisPlatform } from '../../runtime/protocol/executablePlatform.ts';
import type { NexError } from '../../runtime/protocol/nexError.ts';
import { startConnectedNode } from '../support/devNode.ts';
import { executableHead } from '../support/executables.ts';

describe('an executable for a platform that no node has', () => {
  it('is refused before it is uploaded, naming both platforms', async () => {
    const { node, connection } = await startConnectedNode();
    const keys = await readKeys(join(node.directory, '.nex'));
    const isMac = thisPlatform.os === 'darwin';
    const file = join(node.directory, 'foreign');
    writeFileSync(file, isMac ? executableHead.elf(62) : executableHead.machO(0x0100_000c), {
      mode: 0o755,
    });
    await assert.rejects(
      devrun({ connection, keys, file, triggerSubjects: [] }),
      (error: NexError) => {
        assert.equal(error.code, 'wrong-platform');
        assert.ok(error.message.includes(isMac ? 'linux/amd64' : 'darwin/arm64'), error.message);
        assert.ok(error.message.includes(platformText(thisPlatform)), error.message);
        return true;
      },
    );
    await assert.rejects(new Objm(connection).open(artifactBucket.name), /not found/);
  });
});
