import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { NatsConnection } from '@nats-io/transport-node';
import ts from 'typescript';
import {
  fillIn,
  namePattern,
  templates,
  type Template,
} from '../../extension/newFunction/templates.ts';
import { writeTemplate } from '../../extension/newFunction/writeTemplate.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { searchPath } from '../../runtime/protocol/programs.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import { runNexdev } from '../support/nexdev.ts';

const extensionPath = resolve('.');
const name = 'greeter';
const declarations = resolve('extension/language/nex.d.ts');
const payload = 'grüezi nex!';

const answers: Readonly<Record<string, object>> = {
  javascript: { size: Buffer.byteLength(payload) },
  typescript: { size: Buffer.byteLength(payload) },
  'typescript-module': { text: payload },
};

describe('a template of New Function', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let folder: string;

  before(async () => {
    node = await startTestNode();
    connection = await node.connect();
  });
  beforeEach(async function () {
    folder = join(node.directory, (this.currentTest?.title ?? '').replaceAll(/\W+/g, '-'));
    await mkdir(folder);
  });
  after(() => node.stop());

  const write = (template: Template) =>
    writeTemplate({ extensionPath, template, name, folder, workspace: folder });
  const deploy = async (file: string, ...flags: string[]) => {
    const { code, stdout, stderr } = await runNexdev(['devrun', file, ...flags], node.environment);
    assert.equal(code, 0, stderr);
    return stdout + stderr;
  };
  const ask = (subject: string) => connection.request(subject, payload, { timeout: 10_000 });

  it('has files of its own, and no other lies in their folder', () => {
    const ids = readdirSync('snippets/templates').sort();
    assert.deepEqual(templates.map(({ id }) => id).sort(), ids);
  });

  for (const template of templates.filter(({ build }) => build === undefined)) {
    it(`${template.id} answers, and works on a real node too`, async () => {
      const program = await write(template);
      const subject = template.id;
      const printed = await deploy(program, `--trigger_subject=${subject}`);
      assert.doesNotMatch(printed, /real Nex/);
      assert.deepEqual((await ask(subject)).json(), { subject, ...answers[template.id] });
    });
  }

  for (const template of templates.filter(({ source }) => source.endsWith('.ts'))) {
    it(`${template.id} has no fault that the strictest compiler finds`, async () => {
      const { ESNext } = ts.ModuleKind;
      const program = ts.createProgram([await write(template), declarations], {
        ...{
          strict: true,
          noEmit: true,
          types: [],
          target: ts.ScriptTarget.ES2022,
          module: ESNext,
        },
        ...{ moduleResolution: ts.ModuleResolutionKind.Bundler, noUncheckedIndexedAccess: true },
      });
      const texts = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
      assert.deepEqual(texts, []);
    });
  }

  for (const template of templates.filter(({ id }) => id.startsWith('go-'))) {
    it(`${template.id} builds and answers`, async function () {
      this.timeout(300_000);
      await write(template);
      const program = await buildWith('go', template, folder, this);
      const isService = template.id === 'go-service';
      await deploy(program, ...(isService ? [] : [`--trigger_subject=${name}.wasm`]));
      const reply = await ask(isService ? `svc.${name}` : `${name}.wasm`);
      assert.equal(reply.string(), payload);
    });
  }

  it('is written over no file', async () => {
    const [template] = templates;
    const program = await write(template!);
    writeFileSync(program, 'mine');
    const fault = await write(template!).catch((error: unknown) => error);
    assert.ok(fault instanceof NexError);
    assert.equal(fault.code, 'file-exists');
    assert.equal(readFileSync(program, 'utf8'), 'mine');
  });

  it('brings its declarations along where a project decides what is seen', async () => {
    const below = join(folder, 'functions');
    writeFileSync(join(folder, 'tsconfig.json'), '{}');
    const template = templates.find(({ id }) => id === 'typescript');
    const target = { extensionPath, name, folder: below, workspace: folder };
    await writeTemplate({ ...target, template: template! });
    const copied = await readFile(join(folder, 'nex.d.ts'), 'utf8');
    assert.equal(copied, await readFile(declarations, 'utf8'));
  });

  it('is called by what can be a subject, a file, a crate and a Go module', () => {
    for (const good of ['hello', 'Hello_2', 'a-b']) assert.match(good, namePattern);
    for (const bad of ['', '2nd', 'a.b', 'a b', '../a']) assert.doesNotMatch(bad, namePattern);
  });
});

/** Runs the command that the person would, with the tool that must be there. */
async function buildWith(
  tool: string,
  { build }: Template,
  folder: string,
  test: Mocha.Context,
): Promise<string> {
  assert.ok(build !== undefined);
  const [command, ...args] = fillIn(build.command, name).split(' ');
  assert.equal(command, tool);
  const [program] = await searchPath(tool);
  if (program === undefined) {
    console.log(`      skipped: there is no ${tool} on PATH`);
    test.skip();
  }
  const env = { ...process.env, ...build.environment };
  await promisify(execFile)(program, args, { cwd: join(folder, name), env });
  return join(folder, fillIn(build.output, name));
}
