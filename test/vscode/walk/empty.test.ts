import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setStage, type Stage } from './stage.ts';

describe('VS Code in a browser', function () {
  this.timeout(120_000);
  let stage: Stage | undefined;

  before(async () => {
    stage = await setStage({
      fill: (workspace) => writeFile(join(workspace, 'hello.txt'), 'hello nex!\n'),
      firstFile: 'hello.txt',
    });
  });
  after(async () => stage?.dispose());

  it('opens a file of the folder and closes it', async () => {
    const { workbench } = stage!;
    await workbench.openFile('hello.txt');
    assert.equal(await workbench.editorLine(1), 'hello nex!');
    await workbench.closeEditor('hello.txt');
  });
});
