import { open } from 'node:fs/promises';
import { executablePlatform, runsOn, thisPlatform } from '../../protocol/executablePlatform.ts';
import { errorText } from '../../protocol/nexError.ts';
import { interpreterOf } from './interpreter.ts';

/** What a service's file is, as far as its first bytes tell. */
export interface Executable {
  readonly file: string;
  /** Words of a script's `#!` line. */
  readonly interpreter: readonly string[] | undefined;
}

/** Throws for what this machine cannot run: it must not get to a shell, which would take any bytes for a script. */
export async function readExecutable(file: string): Promise<Executable> {
  const bytes = await readHead(file);
  const interpreter = interpreterOf(bytes);
  const platform = executablePlatform(bytes);
  if (interpreter !== undefined || isUniversal(bytes)) return { file, interpreter };
  if (platform === undefined) {
    throw new Error('the file is neither an executable nor a script with a #! line');
  }
  if (!runsOn(platform, thisPlatform)) {
    const here = `${thisPlatform.os}/${thisPlatform.arch}`;
    throw new Error(
      `the executable is for ${platform.os}/${platform.arch} and this node runs on ${here}: build it for that`,
    );
  }
  return { file, interpreter };
}

/** Why the operating system did not start it, in words that say what to do. */
export function describeStartError({ interpreter }: Executable, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES') {
    return 'this machine does not execute files in its temporary directory (noexec): set TMPDIR to one where it does';
  }
  if (code !== 'ENOENT') return `the service cannot be started: ${errorText(error)}`;
  // The file is there; what is not is the program that the system needs to start it.
  return interpreter === undefined
    ? 'the dynamic loader that the executable needs is not on this machine: link it statically'
    : `the interpreter of its first line, ${interpreter[0]}, is not on this machine; if it is, the line ends in CR LF: save it with LF`;
}

/** Mach-O for several processors. */
const isUniversal = (bytes: Uint8Array) =>
  process.platform === 'darwin' && Buffer.from(bytes.subarray(0, 4)).toString('hex') === 'cafebabe';

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const headBytes = 4096;
