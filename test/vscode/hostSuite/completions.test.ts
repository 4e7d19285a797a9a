import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** `|` is where somebody types. */
interface Row {
  what: string;
  name?: string;
  source: string;
  offers: string[];
  withholds?: string[];
}

const rows: Row[] = [
  {
    what: 'host services on `this`',
    source: '(subject, payload) => {\n  this.|\n};\n',
    offers: ['kv', 'objectStore', 'http', 'messaging'],
  },
  {
    what: 'host services by their bare names',
    source: '(subject, payload) => {\n  ob|\n};\n',
    offers: ['objectStore'],
  },
  {
    what: 'the methods of a bucket',
    source: "() => {\n  const devices = this.kv('devices');\n  devices.|\n};\n",
    offers: ['get', 'set', 'delete', 'keys'],
  },
  {
    what: 'the bytes of the payload',
    source: '(subject, payload) => {\n  return payload.|\n};\n',
    offers: ['length', 'subarray'],
    withholds: ['toUpperCase'],
  },
  {
    what: 'what is made of the payload',
    source:
      '(subject, payload) => {\n  const text = String.fromCharCode(...payload);\n  text.|\n};\n',
    offers: ['toUpperCase'],
  },
  {
    what: 'the text of the subject, of a function that is declared before',
    source: 'function handle(subject, payload) {\n  return subject.|\n}\nhandle;\n',
    offers: ['split'],
    withholds: ['subarray'],
  },
  {
    what: "a module's payload",
    name: 'module.mjs',
    source: 'export default (subject, payload) => payload.|;\n',
    offers: ['subarray'],
  },
  {
    what: 'nothing of ours to a default export that takes something else',
    name: 'config.mjs',
    source: 'export default (mode, flags) => flags.|;\n',
    offers: [],
    withholds: ['subarray'],
  },
];

describe('a plain file outside any project is offered', () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexdev-loose-'));
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => rm(directory, { recursive: true, force: true }));

  const open = async (name: string, source: string) => {
    const path = join(directory, name);
    const offset = source.indexOf('|');
    await writeFile(path, source.replace('|', ''));
    const document = await vscode.workspace.openTextDocument(path);
    await vscode.window.showTextDocument(document);
    return { uri: document.uri, position: document.positionAt(offset) };
  };

  for (const [index, { what, name, source, offers, withholds = [] }] of rows.entries()) {
    it(what, async () => {
      const { uri, position } = await open(name ?? `loose${index}.js`, source);
      const list = await completions(uri, position);
      const labels = new Set(
        list.items
          // Words of the text are offered where nothing better is known.
          .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
          .map(({ label }) => (typeof label === 'string' ? label : label.label)),
      );
      assert.deepEqual(
        offers.filter((one) => !labels.has(one)),
        [],
        `of ${[...labels].join(', ')}`,
      );
      assert.deepEqual(
        withholds.filter((one) => labels.has(one)),
        [],
      );
    });
  }

  it('what a host service does, and that its failures are strings', async () => {
    const { uri, position } = await open('hover.js', "() => {\n  this.kv('a').g|et('b');\n};\n");
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      position,
    );
    const text = hovers.flatMap(({ contents }) => contents.map(textOf)).join('\n');
    assert.match(text, /NexKeyValueBucket\.get\(key: string\): Uint8Array/);
    assert.match(text, /failed to get value for key \(500\)/);
  });
});

const completions = (uri: vscode.Uri, position: vscode.Position) =>
  vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
  );

const textOf = (content: vscode.Hover['contents'][number]) =>
  content instanceof vscode.MarkdownString ? content.value : '';
