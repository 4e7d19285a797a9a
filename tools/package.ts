/** `npm run package`: bundles, writes nex-devrun-linux-x64.vsix, and says what its size is made of. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packageExtension } from './packageExtension.ts';
import { describeError } from '../runtime/protocol/nexError.ts';

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1).padStart(6)} MB`;

async function main(): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.mjs']);
  const output = 'nex-devrun-linux-x64.vsix';
  const { size, parts } = await packageExtension({ output, onProgress: console.log });
  const largestFirst = [...parts].sort(([, a], [, b]) => b - a);
  for (const [part, bytes] of largestFirst) console.log(`${megabytes(bytes)}  ${part}`);
  console.log(`${megabytes(size)}  ${output} (compressed)`);
}

try {
  await main();
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
