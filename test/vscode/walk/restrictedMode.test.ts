import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { nodeFilesDirectory } from '../../../runtime/protocol/nodeFile.ts';
import { setStage, type Stage } from './stage.ts';

describe('in Restricted Mode', function () {
  this.timeout(180_000);
  let stage: Stage | undefined;

  before(async () => {
    stage = await setStage({
      fill: (workspace) => writeFile(join(workspace, 'one.js'), '() => 1\n'),
      firstFile: 'one.js',
      settings: {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
      },
      extensions: [resolve('nex-devrun-linux-x64.vsix')],
    });
  });
  after(async () => stage?.dispose());

  it('offers to trust the folder, and starts nothing', async () => {
    const { workbench, environment } = stage!;
    await workbench.openContainer('Nex');
    const trust = workbench.page.getByRole('button', { name: 'Manage Workspace Trust' });
    await trust.first().waitFor();
    await workbench.statusItem('Nex').click();
    await workbench.page.getByText('This folder is in Restricted Mode').first().waitFor();
    assert.deepEqual(await readdir(nodeFilesDirectory(environment)), []);
  });
});
