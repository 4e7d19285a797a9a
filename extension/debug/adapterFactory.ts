import * as vscode from 'vscode';
import { loginVariable } from '../../runtime/protocol/debugLogin.ts';
import type { Connections } from '../connections/connections.ts';
import { chooseRuntime } from '../node/chooseRuntime.ts';

/** Starts the debug adapter with the Node that runs functions: the editor's own may be one without a plain Node. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
  readonly #adapter: string;
  readonly #connections: Connections;
  readonly #log: vscode.LogOutputChannel;

  /** @param adapter bundle of the debug adapter */
  constructor(adapter: string, connections: Connections, log: vscode.LogOutputChannel) {
    this.#adapter = adapter;
    this.#connections = connections;
    this.#log = log;
  }

  async createDebugAdapterDescriptor({
    configuration,
  }: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const { path, args } = await chooseRuntime((text) => this.#log.info(text));
    const env = await this.#environment(configuration['connection']);
    return new vscode.DebugAdapterExecutable(path, [...args, this.#adapter], { env });
  }

  /** How to log in where the configuration names a connection; nowhere else is a password written down. */
  async #environment(connection: unknown): Promise<Record<string, string>> {
    if (typeof connection !== 'string') return {};
    const { target } = await (await this.#connections.find(connection)).connect();
    return { [loginVariable]: JSON.stringify(target) };
  }
}
