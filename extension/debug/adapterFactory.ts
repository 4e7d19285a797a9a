import * as vscode from 'vscode';
import { chooseRuntime } from '../node/chooseRuntime.ts';

/** Starts the debug adapter with the Node that runs functions: the editor's own may be one without a plain Node. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  readonly #adapter: string;
  readonly #log: vscode.LogOutputChannel;

  /** @param adapter bundle of the debug adapter */
  constructor(adapter: string, log: vscode.LogOutputChannel) {
    this.#adapter = adapter;
    this.#log = log;
  }

  async createDebugAdapterDescriptor(): Promise<vscode.DebugAdapterDescriptor> {
    const { path, args } = await chooseRuntime((text) => this.#log.info(text));
    return new vscode.DebugAdapterExecutable(path, [...args, this.#adapter]);
  }
}
