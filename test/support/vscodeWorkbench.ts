import { basename } from 'node:path';
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

  /** Right-clicks and follows a path through the menu and its submenus. */
  async chooseFromMenu(target: Locator, ...path: readonly string[]): Promise<void> {
    await target.click({ button: 'right' });
    for (const name of path.slice(0, -1)) await this.menuItem(name).hover();
    await this.chooseMenuItem(path.at(-1) ?? '');
  }

  /** Goes to an item and presses Enter: a menu ignores clicks while it is new. */
  async chooseMenuItem(name: string): Promise<void> {
    await this.menuItem(name).hover();
    // The item of the menu above stays marked too.
    const marked = this.page.locator('.action-item.focused');
    await marked
      .filter({ has: this.menuItem(name) })
      .last()
      .waitFor();
    await this.page.keyboard.press('Enter');
  }

  menuItem(name: string): Locator {
    return this.page.getByRole('menuitem', { name, exact: true });
  }

  /** Types into the box that asks something, over what it suggests, and presses Enter. */
  async answer(title: string, text: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget').filter({ hasText: title });
    await box.locator('input.input').fill(text);
    await box.locator('input.input').press('Enter');
    await box.waitFor({ state: 'hidden' });
  }

  /** Gives the path of a file to VS Code's own dialogue, which reads a folder at first, and then the file's. */
  async chooseFile(title: string, path: string): Promise<void> {
    const box = this.page.locator('.quick-input-widget').filter({ hasText: title });
    const row = (name: string) => box.locator('.monaco-list-row').getByText(name, { exact: true });
    await row('..').first().waitFor();
    await box.locator('input.input').fill(path);
    await row(basename(path)).first().waitFor();
    await box.locator('input.input').press('Enter');
    await box.waitFor({ state: 'hidden' });
  }

  /** Chooses from the list that is shown. */
  async pick(label: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label });
    await row.first().click();
  }

  /** Presses a button of the modal dialog. */
  async confirm(button: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box').getByRole('button', { name: button }).click();
  }

  /** Clicks into the gutter beside a line, where breakpoints are set. */
  async clickGutter(line: number): Promise<void> {
    const number = this.page
      .locator('.editor-instance .line-numbers')
      .filter({ hasText: new RegExp(`^${line}$`) });
    const box = await number.boundingBox();
    if (box === null) throw new Error(`line ${line} is not in sight`);
    await this.page.mouse.click(box.x - gutterOffset, box.y + box.height / 2);
    await this.page.locator('.codicon-debug-breakpoint').first().waitFor();
  }

  /** Waits until the editor marks a line as the one where the debugger stands. */
  async waitUntilStoppedAt(line: number): Promise<void> {
    await this.page
      .locator(`.editor-instance .line-numbers`)
      .filter({ hasText: new RegExp(`^${line}$`) })
      .waitFor();
    await this.page
      .locator('.monaco-workbench .part.sidebar .debug-call-stack .line-number')
      .filter({ hasText: new RegExp(`^${line}:`) })
      .first()
      .waitFor();
    await this.page.locator('.debug-top-stack-frame-line').first().waitFor();
  }

  /** Waits until the debugger stands nowhere. */
  async waitUntilRunning(): Promise<void> {
    await this.page.locator('.debug-top-stack-frame-line').waitFor({ state: 'detached' });
  }

  get variableRows(): Locator {
    return this.page.locator('.debug-variables .monaco-list-row');
  }

  async debug(
    action: 'Continue' | 'Step Over' | 'Step Out' | 'Stop' | 'Disconnect',
  ): Promise<void> {
    await this.page.locator('.debug-toolbar').locator(`a[aria-label^="${action}"]`).click();
  }

  /** Opens a scope or a structured value of the Variables view, where VS Code has not done so by itself. */
  async expandVariable(name: string): Promise<void> {
    const row = this.variableRows.filter({ hasText: name }).first();
    await row.click({ position: { x: 60, y: 10 } });
    await row.press('ArrowRight');
  }

  /** A row of the Variables view. */
  variable(name: string): Locator {
    return this.variableRows.filter({ hasText: new RegExp(`^${name}\\s*[=:]`) });
  }

  /** Has the Debug Console evaluate an expression; its answer. */
  async evaluate(expression: string): Promise<string> {
    const results = this.page.locator('.repl .evaluation-result');
    const before = await results.count();
    await this.page.locator('.repl-input-wrapper .monaco-editor').click();
    await this.page.keyboard.insertText(expression);
    await this.page.keyboard.press('Enter');
    return results.nth(before).innerText();
  }

  /** Opens a view container by its name in the activity bar. */
  async openContainer(name: string): Promise<void> {
    const tab = this.page
      .locator('.activitybar')
      .getByRole('tab', { name: new RegExp(`^${name}`) });
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.part.sidebar .title-label').filter({ hasText: name }).waitFor();
  }

  /** Lines in sight of the output channel that is shown. It draws spaces as U+00A0. */
  outputLine(text: RegExp): Locator {
    return this.page.locator('.output-view .view-line').filter({ hasText: text });
  }

  statusItem(text: string): Locator {
    return this.page.locator('.statusbar-item').filter({ hasText: text });
  }

  /** A row of a tree in the side bar. */
  treeRow(label: string): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row').filter({ hasText: label });
  }

  screenshot(path: string): Promise<Buffer> {
    return this.page.screenshot({ path });
  }
}

/** Distance of the glyph margin from the line number, in pixels. */
const gutterOffset = 8;
