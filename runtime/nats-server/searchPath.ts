import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Every executable file of this name on PATH, in PATH's order, each once. */
export async function searchPath(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  const path = environment['PATH'] ?? environment['Path'] ?? '';
  // A relative entry would make the answer depend on the working directory.
  const candidates = path
    .split(delimiter)
    .filter((directory) => isAbsolute(directory))
    .map((directory) => join(directory, name));
  const found: string[] = [];
  for (const candidate of new Set(candidates)) {
    if (await isExecutableFile(candidate)) found.push(candidate);
  }
  return found;
}

export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Whatever the reason, it is not a program that we can run.
    return false;
  }
}
