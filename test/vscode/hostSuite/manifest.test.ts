import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../../package.json' with { type: 'json' };
import * as ids from '../../../extension/ids.ts';

const { contributes } = manifest;
const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

describe('the manifest', () => {
  it('has the commands of the code and no other', () => {
    const contributed = contributes.commands.map(({ command }) => command);
    assert.deepEqual(sorted(contributed), sorted(Object.values(ids.commands)));
  });

  it('has the settings of the code and no other', () => {
    const contributed = Object.keys(contributes.configuration.properties);
    assert.deepEqual(sorted(contributed), sorted(Object.values(ids.settings)));
  });

  it('has the views, the submenu and the debug type of the code', () => {
    assert.deepEqual(
      sorted(contributes.views[ids.viewContainer].map(({ id }) => id)),
      sorted(Object.values(ids.views)),
    );
    assert.deepEqual(
      contributes.submenus.map(({ id }) => id),
      [ids.fileSubmenu],
    );
    assert.deepEqual(
      contributes.debuggers.map(({ type }) => type),
      [ids.debugType],
    );
  });

  it('names in its menus only commands, submenus, contexts and items that there are', () => {
    const known = new Set<string>([...Object.values(ids.commands), ids.fileSubmenu]);
    const items = Object.values(ids.itemContexts);
    for (const entry of Object.values<MenuEntry[]>(contributes.menus).flat()) {
      assert.ok(known.has(entry.command ?? entry.submenu ?? ''), JSON.stringify(entry));
      for (const [, item = ''] of (entry.when ?? '').matchAll(/viewItem == (\w+)/g)) {
        assert.ok(
          items.some((one) => one === item),
          `${item} is no item`,
        );
      }
      for (const [, key] of (entry.when ?? '').matchAll(/(nex\.\w+) [!=]=/g)) {
        assert.equal(key, ids.nodeStateContext);
      }
    }
  });

  it('has every command registered', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const command of Object.values(ids.commands)) assert.ok(registered.has(command), command);
  });
});

interface MenuEntry {
  command?: string;
  submenu?: string;
  when?: string;
}
