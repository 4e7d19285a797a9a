import type { Browser, Page } from 'playwright-core';

export interface WorkbenchAddress {
  /** Of the server, without a trailing slash. */
  url: string;
  folder: string;
  /** Extension under development and the module whose `run` holds its tests, both absolute paths. */
  development?: { extension: string; tests?: string };
}

/** The address of a workbench page on a folder. */
export function workbenchUrl({ url, folder, development }: WorkbenchAddress): string {
  const page = new URL(url);
  page.searchParams.set('folder', folder);
  if (development !== undefined) {
    const remote = (path: string) => `vscode-remote://${page.host}${path}`;
    const payload = [['extensionDevelopmentPath', remote(development.extension)]];
    if (development.tests !== undefined) {
      payload.push(['extensionTestsPath', remote(development.tests)]);
    }
    page.searchParams.set('payload', JSON.stringify(payload));
  }
  return page.href;
}

/** Opens a page of the size that README pictures have. */
export async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  return page;
}
