import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { x as extractTar } from 'tar';
import { errorText } from '../protocol/nexError.ts';
import { installProgram } from '../protocol/programs.ts';
import { executableName, pinnedVersion, type ReleaseArchive } from './pinnedRelease.ts';

const execute = promisify(execFile);

export interface DownloadOptions {
  target: string;
  archive: ReleaseArchive;
  /** Folder URL that the archive lies in. */
  from: string;
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Fetches a release archive, checks its SHA-256, and takes the server out of it. Rejects with the reason in one line. */
export async function downloadRelease(options: DownloadOptions): Promise<void> {
  const { archive, target } = options;
  const url = `${options.from}/${archive.file}`;
  options.onProgress?.(`Downloading nats-server ${pinnedVersion} from ${url}…`);
  const bytes = await fetchBytes(url, options.signal);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== archive.sha256) {
    throw new Error(`${url} has SHA-256 ${sha256} instead of ${archive.sha256}: not used`);
  }
  await installProgram(target, (temporary) => extractServer(bytes, archive.file, temporary));
}

async function fetchBytes(url: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    const response = await fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new Error(`${url} cannot be fetched: ${errorText(reason)}`, { cause: error });
  }
}

async function extractServer(bytes: Uint8Array, file: string, target: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'nexdev-nats-server-'));
  try {
    const archive = join(directory, file);
    await writeFile(archive, bytes);
    // Only Windows releases are zip files, and the tar that comes with Windows reads those.
    if (file.endsWith('.zip')) await execute('tar', ['-xf', archive, '-C', directory]);
    else await extractTar({ file: archive, cwd: directory });
    const folder = file.replace(/\.(zip|tar\.gz)$/, '');
    await copyFile(join(directory, folder, executableName), target);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
