import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeFileSchema, nodeFilesDirectory, type NodeFile } from '../protocol/nodeFile.ts';

/** Files of the local nodes whose process lives, the newest first. */
export async function listNodeFiles(): Promise<NodeFile[]> {
  const directory = nodeFilesDirectory();
  const names = await readdir(directory).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readLivingNode(join(directory, name))),
  );
  return files
    .filter((file) => file !== undefined)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** Announces a node to this user's other processes. Readers see the whole file or none. */
export async function writeNodeFile(file: NodeFile): Promise<void> {
  const directory = nodeFilesDirectory();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${file.nodeId}.json`);
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(file, undefined, 2), { mode: 0o600 });
  await rename(draft, path);
}

/** Idempotent. */
export async function removeNodeFile(nodeId: string): Promise<void> {
  await rm(join(nodeFilesDirectory(), `${nodeId}.json`), { force: true });
}

/** Whether a process of this id runs, whoever owns it. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** What a crash has left over is cleared away. */
async function readLivingNode(path: string): Promise<NodeFile | undefined> {
  const file = await readNodeFile(path);
  if (file === undefined || isProcessAlive(file.pid)) return file;
  await rm(path, { force: true });
  return undefined;
}

/** A file that is gone, half-written by an older version or of another shape is no node. */
async function readNodeFile(path: string): Promise<NodeFile | undefined> {
  try {
    return nodeFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
