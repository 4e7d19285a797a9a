import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { isolatedEnvironment } from '../../../tools/throwawayNode.ts';
import { findChromium, launchBrowser } from '../../support/vscodeBrowser.ts';
import {
  electronVariable,
  launchDesktop,
  type DesktopOptions,
} from '../../support/vscodeElectron.ts';
import { openPage, workbenchUrl } from '../../support/vscodePage.ts';
import { startVscodeServer, testSettings } from '../../support/vscodeServer.ts';
import { ensureVscodeServerFiles, showsLogChannels } from '../../support/vscodeServerFiles.ts';
import { VscodeWorkbench } from '../../support/vscodeWorkbench.ts';
import { nodesEnd } from './nodeEnd.ts';

/** One VS Code on one folder, with directories of its own for everything. */
export interface Stage {
  readonly workbench: VscodeWorkbench;
  /** Temporary; its `workspace` is the open folder, the rest is HOME and the like. */
  readonly root: string;
  /** What a process needs to share its node and keys. */
  readonly environment: NodeJS.ProcessEnv;
  readonly showsLogChannels: boolean;
  dispose(): Promise<void>;
}

export interface StageOptions {
  /** Fills the folder before VS Code opens it. */
  fill: (workspace: string) => Promise<void>;
  /** A file that `fill` put there. */
  firstFile: string;
  extensions?: string[];
  settings?: Record<string, unknown>;
}

/** Opens VS Code: the desktop one where a variable names it, else the one in Chromium. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const undo = new AsyncDisposableStack();
  const dispose = () => undo.disposeAsync();
  try {
    const root = await mkdtemp(join(tmpdir(), 'nexdev-walk-'));
    undo.defer(() => rm(root, { recursive: true, force: true }));
    const folder = join(root, 'workspace');
    await mkdir(folder);
    await options.fill(folder);
    const place = {
      home: join(root, 'vscode'),
      folder,
      environment: isolatedEnvironment(root),
      settings: { ...testSettings, ...options.settings },
      extensions: options.extensions ?? [],
    };
    const executable = process.env[electronVariable];
    undo.defer(() => nodesEnd(place.environment));
    const opened =
      executable === undefined
        ? await openInBrowser(place, undo)
        : await openOnDesktop({ ...place, executable }, undo);
    const workbench = new VscodeWorkbench(opened.page);
    await workbench.waitUntilReady(options.firstFile);
    const { environment } = place;
    return { workbench, root, environment, showsLogChannels: opened.showsLogChannels, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

type Place = Omit<DesktopOptions, 'executable'>;

interface Opened {
  page: Page;
  showsLogChannels: boolean;
}

async function openInBrowser(place: Place, undo: AsyncDisposableStack): Promise<Opened> {
  const chromium = findChromium();
  if (chromium === undefined) throw new Error('no Chromium: `npm test` skips this suite without');
  const serverFiles = await ensureVscodeServerFiles('.vscode-test', console.log);
  const server = await startVscodeServer({ ...place, serverFiles });
  undo.defer(() => server.dispose());
  const browser = await launchBrowser(chromium);
  undo.defer(() => browser.close());
  const page = await openPage(browser, workbenchUrl({ url: server.url, folder: place.folder }));
  return { page, showsLogChannels: showsLogChannels(serverFiles) };
}

async function openOnDesktop(options: DesktopOptions, undo: AsyncDisposableStack): Promise<Opened> {
  const application = await launchDesktop(options);
  undo.defer(() => application.close());
  const page = await application.firstWindow();
  await page.setViewportSize({ width: 1280, height: 800 });
  return { page, showsLogChannels: true };
}
