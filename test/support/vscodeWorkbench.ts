import type { Locator, Page } from 'playwright-core';

/**
 * The verbs of a person in front of VS Code. Each returns when its effect can be seen, so that a walk needs no pauses.
 */
export class VscodeWorkbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Ready: the Explorer lists `file`, so the server and its file system answer. */
  async waitUntilReady(file: string): Promise<void> {
    await this.explorerRow(file).waitFor();
    await this.page.locator('.statusbar-item').first().waitFor();
  }

  explorerRow(name: string): Locator {
    return this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  tab(name: string): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: name });
  }

  get editorLines(): Locator {
    return this.page.locator('.editor-instance .view-lines .view-line');
  }

  /** Text of a visible editor line, counted from 1. The editor draws spaces as U+00A0. */
  async editorLine(line: number): Promise<string> {
    return (await this.editorLines.nth(line - 1).innerText()).replaceAll('\u00a0', ' ');
  }

  /** Opens a file of the Explorer to stay and waits for its text. */
  async openFile(name: string): Promise<void> {
    await this.explorerRow(name).dblclick();
    await this.tab(name).waitFor();
    await this.editorLines.first().waitFor();
  }

  async closeEditor(name: string): Promise<void> {
    await this.tab(name).hover();
    await this.tab(name)
      .getByRole('button', { name: /^Close/ })
      .click();
    await this.tab(name).waitFor({ state: 'detached' });
  }
}
