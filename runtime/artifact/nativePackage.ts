import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What packages with native code declare: how they are built, or who finds what was built. */
const manifestSchema = z.looseObject({
  name: z.string().optional(),
  gypfile: z.literal(true).optional(),
  napi: z.looseObject({}).optional(),
  binary: z.looseObject({}).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/** Packages that do nothing but load native code. */
const loaders = [
  'bindings',
  'node-gyp-build',
  'node-gyp-build-optional-packages',
  '@mapbox/node-pre-gyp',
  'prebuild-install',
];

/** Name of the npm package that a file belongs to, if it is one with native code. */
export async function findNativePackage(file: string): Promise<string | undefined> {
  const root = packageRoot(file);
  if (root === undefined) return undefined;
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '{}');
  const manifest = manifestSchema.safeParse(parseJson(text));
  if (!manifest.success) return undefined;
  const { name = root, gypfile, napi, binary, dependencies = {} } = manifest.data;
  const isNative =
    gypfile !== undefined ||
    napi !== undefined ||
    binary !== undefined ||
    existsSync(join(root, 'binding.gyp')) ||
    loaders.some((loader) => loader in dependencies || loader === name);
  return isNative ? name : undefined;
}

/** Folder of the innermost npm package around a file; undefined for the user's own files. */
export function packageRoot(file: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/s.exec(file)?.[0];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A package with a broken manifest says nothing about itself.
    return {};
  }
}
