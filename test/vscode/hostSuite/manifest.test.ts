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
      for (const [, pattern = ''] of (entry.when ?? '').matchAll(/viewItem =~ \/(.+?)\//g)) {
        const matches = new RegExp(pattern);
        assert.ok(
          items.some((one) => matches.test(one)),
          `${pattern} is no item`,
        );
      }
      for (const [, key] of (entry.when ?? '').matchAll(/(nex\.\w+) [!=]=/g)) {
        assert.equal(key, ids.nodeStateContext);
      }
    }
  });

  it('offers in its menus what the code takes for functions and services', () => {
    const patterns = Object.values(ids.pathPatterns).map(String);
    for (const entry of Object.values<MenuEntry[]>(contributes.menus).flat()) {
      for (const [, pattern = ''] of (entry.when ?? '').matchAll(/resourcePath =~ (\/.+?\/) &&/g)) {
        assert.ok(patterns.includes(pattern), pattern);
      }
      assert.doesNotMatch(entry.when ?? '', /resourceExtname/);
    }
  });

  const offered: [path: string, kind: 'function' | 'service' | undefined][] = [
    ['/w/echo.js', 'function'],
    ['/w/echo.mts', 'function'],
    ['C:\\w\\echo.cjs', 'function'],
    ['/w/echo.wasm', 'function'],
    ['/w/nex.d.ts', undefined],
    ['/w/nex.d.mts', undefined],
    ['/w/node_modules/pkg/index.js', undefined],
    ['/w/node_modules/.bin/tool', undefined],
    ['/w/echo', 'service'],
    ['C:\\w\\echo.exe', 'service'],
    ['/w/serve.py', 'service'],
    ['/w/notes.txt', undefined],
  ];
  for (const [path, kind] of offered) {
    it(`takes ${path} for ${kind === undefined ? 'neither function nor service' : `a ${kind}`}`, () => {
      const { function: aFunction, service } = ids.pathPatterns;
      assert.equal(aFunction.test(path), kind === 'function');
      assert.equal(service.test(path), kind === 'service');
    });
  }

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
