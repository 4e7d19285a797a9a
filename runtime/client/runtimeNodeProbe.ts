import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fittingAbis } from './runtimeNodeRelease.ts';

const execute = promisify(execFile);

/** What `process.versions` tells of a program that calls itself Node. */
const versionsSchema = z.object({
  node: z.string(),
  modules: z.string(),
  electron: z.string().optional(),
  bun: z.string().optional(),
});
export type NodeVersions = z.infer<typeof versionsSchema>;

/** Asks a program what it is. Rejects where it cannot be run or is no Node at all. */
export async function readNodeVersions(path: string, signal?: AbortSignal): Promise<NodeVersions> {
  const { stdout } = await execute(path, ['-p', 'JSON.stringify(process.versions)'], {
    timeout: 10_000,
    windowsHide: true,
    // NODE_OPTIONS of a debugger or a test runner would start those too.
    env: { ...process.env, NODE_OPTIONS: '' },
    ...(signal === undefined ? {} : { signal }),
  });
  return parseNodeVersions(stdout);
}

export const parseNodeVersions = (text: string): NodeVersions =>
  versionsSchema.parse(JSON.parse(text));

/** Why a program cannot run functions; undefined where it can. */
export function unfitReason(versions: NodeVersions): string | undefined {
  if (versions.electron !== undefined) return `it is Electron ${versions.electron}, not plain Node`;
  if (versions.bun !== undefined) return `it is Bun ${versions.bun}, not Node`;
  if (fittingAbis.includes(versions.modules)) return undefined;
  return `it is Node ${versions.node} (ABI ${versions.modules})`;
}
