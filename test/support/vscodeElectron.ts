import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';

/** Names a desktop VS Code to walk in instead of the one in the browser. */
export const electronVariable = 'NEXDEV_TEST_ELECTRON';

export interface DesktopOptions {
  executable: string;
  home: string;
  folder: string;
  settings: Record<string, unknown>;
  environment: NodeJS.ProcessEnv;
  extensions: string[];
}

/** Opens a folder in a desktop VS Code with user data and extensions of its own. */
export async function launchDesktop(options: DesktopOptions): Promise<ElectronApplication> {
  const user = join(options.home, 'data', 'User');
  await mkdir(user, { recursive: true });
  await writeFile(join(user, 'settings.json'), JSON.stringify(options.settings));
  const directories = [
    `--user-data-dir=${join(options.home, 'data')}`,
    `--extensions-dir=${join(options.home, 'extensions')}`,
  ];
  for (const extension of options.extensions) {
    const args = [...directories, '--install-extension', extension, '--force'];
    const child = spawn(options.executable, args, { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${extension} could not be installed`);
  }
  return _electron.launch({
    executablePath: options.executable,
    args: [
      ...directories,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      options.folder,
    ],
    env: definedOnly({ ...process.env, ...options.environment }),
  });
}

function definedOnly(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
