import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { z } from 'zod';
import { buildWithGo } from '../runtime/nats-server/buildWithGo.ts';
import { downloadRelease } from '../runtime/nats-server/downloadRelease.ts';
import { releaseArchive, releasePage } from '../runtime/nats-server/pinnedRelease.ts';
import { NexError, errorText } from '../runtime/protocol/nexError.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

const target = 'linux-x64';

/** Of the repository, where it is there: what the manifest names and what the marketplace page shows. */
const assets = [
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'extension/media',
  'extension/language/nex.d.ts',
  'snippets',
  'docs/images',
];

/**
 * What cannot be bundled, and of it only what is loaded on this platform. It lies beside the bundles that require it:
 * vsce leaves out a `node_modules` at the top.
 */
const modules: Readonly<Record<string, readonly string[]>> = {
  'isolated-vm': [
    'isolated-vm.js',
    `prebuilds/${target}/isolated-vm.abi137.glibc.node`,
    `prebuilds/${target}/isolated-vm.abi147.glibc.node`,
  ],
  'node-gyp-build': ['index.js', 'node-gyp-build.js'],
  esbuild: ['lib/main.js'],
  [`@esbuild/${target}`]: ['bin/esbuild'],
};

/**
 * VS Code's TypeScript server looks for its plugin in a `node_modules` at the top, of which vsce packs what the manifest
 * depends on.
 */
const serverPlugin = { name: 'nex-devrun-typescript', folder: 'extension/language' } as const;

/** Of the manifest only the repository needs these: scripts would be run and dependencies looked for. */
const repositoryMembers = [
  'scripts',
  'devDependencies',
  'dependencies',
  'allowScripts',
  'overrides',
];

export interface PackageOptions {
  /** Path of the VSIX to write. */
  output: string;
  onProgress?: (text: string) => void;
}

export interface PackagedExtension {
  /** Size of the VSIX in bytes. */
  size: number;
  /** Unpacked bytes of each of its parts: files at the top, bundles, the server, modules. */
  parts: Map<string, number>;
}

/** Writes the VSIX around the bundles in `dist`, through a directory that has nothing else in it. */
export async function packageExtension(options: PackageOptions): Promise<PackagedExtension> {
  if (`${process.platform}-${process.arch}` !== target) {
    throw new NexError('package-platform', `The package for ${target} is made on ${target} alone.`);
  }
  const stage = await mkdtemp(join(tmpdir(), 'nexdev-package-'));
  try {
    await stageManifest(stage);
    await stageBundles(stage);
    await stageFiles(stage);
    await stageServerPlugin(stage);
    await stageNatsServer(stage, options.onProgress);
    await createVSIX({
      cwd: stage,
      packagePath: options.output,
      target,
      dependencies: true,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
    return { size: (await stat(options.output)).size, parts: await measureParts(stage) };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function stageManifest(stage: string): Promise<void> {
  const manifest = z.looseObject({}).parse(JSON.parse(await readFile('package.json', 'utf8')));
  const kept = Object.entries(manifest).filter(([name]) => !repositoryMembers.includes(name));
  const staged = { ...Object.fromEntries(kept), dependencies: { [serverPlugin.name]: '*' } };
  const text = JSON.stringify(staged, undefined, 2);
  await writeFile(join(stage, 'package.json'), text);
  await writeFile(join(stage, 'THIRD_PARTY_NOTICES.txt'), await thirdPartyNotices());
  // Everything staged is meant to be there; without this file vsce warns that it may not be.
  await writeFile(join(stage, '.vscodeignore'), '');
}

/** Without their source maps: these are three times the size of the code. */
async function stageBundles(stage: string): Promise<void> {
  for (const file of await readdir('dist', { withFileTypes: true })) {
    if (!file.isFile() || file.name.endsWith('.map')) continue;
    await copy(join('dist', file.name), join(stage, 'dist', file.name));
  }
}

async function stageFiles(stage: string): Promise<void> {
  // The module that nats-server is built from, for a machine where the built one does not run.
  const sources = ['tools/nats-server/go.mod', 'tools/nats-server/go.sum'];
  for (const path of [...assets.filter(existsSync), ...sources])
    await copy(path, join(stage, path));
  for (const [name, files] of Object.entries(modules)) {
    const licence = ['LICENSE', 'LICENSE.md'].filter((file) => existsSync(moduleFile(name, file)));
    for (const file of ['package.json', ...licence, ...files]) {
      await copy(moduleFile(name, file), join(stage, 'dist', 'node_modules', name, file));
    }
  }
}

const moduleFile = (name: string, file: string) => join('node_modules', name, file);

/** What it names as its main file lies as far from it as in the repository. */
const stageServerPlugin = (stage: string) =>
  copy(
    join(serverPlugin.folder, 'package.json'),
    join(stage, 'node_modules', serverPlugin.name, 'package.json'),
  );

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true });
}

async function stageNatsServer(
  stage: string,
  onProgress: ((text: string) => void) | undefined,
): Promise<void> {
  const file = join(stage, 'dist', 'bin', 'nats-server');
  const archive = releaseArchive(process.platform, process.arch);
  try {
    await buildWithGo({ target: file, onProgress });
  } catch (error) {
    onProgress?.(`nats-server cannot be built: ${errorText(error)}`);
    if (archive === undefined) throw error;
    await downloadRelease({ target: file, archive, from: releasePage, onProgress });
  }
}

async function measureParts(stage: string): Promise<Map<string, number>> {
  const parts = new Map<string, number>();
  for (const file of await readdir(stage, { withFileTypes: true, recursive: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const part = partOf(relative(stage, path).split(sep));
    parts.set(part, (parts.get(part) ?? 0) + (await stat(path)).size);
  }
  return parts;
}

/** `dist/node_modules/NAME` as a whole, everything else by its first two folders. */
function partOf(path: readonly string[]): string {
  const [first, second, third] = path;
  return [first, second, second === 'node_modules' ? third : undefined]
    .filter((name) => name !== undefined)
    .join('/');
}
