import { basename } from 'node:path';
import * as vscode from 'vscode';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { triggerSubjectsOf } from '../askSubject.ts';
import { debugService } from './debugService.ts';
import { serviceLaunch } from './serviceLaunch.ts';
import { buildFunction } from '../buildFile.ts';
import { localConnectionId } from '../connections/connection.ts';
import { debugType, pathPatterns } from '../ids.ts';
import { readSettings } from '../nexSettings.ts';
import { onSubjects } from '../deployFile.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';
import { showError } from '../showError.ts';

/** Completes configurations of our type, and no other's: F5 on a file whose debugger is Node's stays Node's. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** F5 where the person chose Nex and there is no launch.json: VS Code then gives an empty configuration. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: Partial<vscode.DebugConfiguration>,
  ): vscode.DebugConfiguration | undefined {
    const { type = debugType, request = 'launch', name = 'Nex function', copyOf } = configuration;
    const file = activeProgram();
    const isOfFile = request === 'launch' && copyOf === undefined && file !== undefined;
    const program = isOfFile ? { program: file } : {};
    return { ...program, ...configuration, type, request, name };
  }

  /** Asks for what is missing and names the node: the adapter then needs to find none. */
  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    try {
      requireTrust();
      if (configuration['copyOf'] !== undefined) return await this.#completeCopy(configuration);
      requireProgram(configuration);
      const service = serviceLaunch(configuration, folder);
      if (service !== undefined) {
        // Its session is one of another debugger, which VS Code begins when this one has ended.
        debugService(this.#services, service).catch((error: unknown) => {
          void showError(error, this.#services.log);
        });
        return undefined;
      }
      await this.#tryBuild(configuration);
      const complete = await this.#withSubject(configuration);
      return complete && (await this.#withServer(complete));
    } catch (error) {
      void showError(error, this.#services.log);
      return undefined;
    }
  }

  /** It runs on a local node, which the adapter starts where none runs; a server is where the original is. */
  async #completeCopy(configuration: vscode.DebugConfiguration) {
    const { nodePath, natsServerPath } = readSettings();
    const paths = {
      ...(nodePath === undefined ? {} : { nodePath }),
      ...(natsServerPath === undefined ? {} : { natsServerPath }),
    };
    return this.#withServer({ ...paths, ...configuration });
  }

  /** The adapter builds it again; this one tells the Problems view, before a subject is asked for or a node started. */
  async #tryBuild({ request, program }: vscode.DebugConfiguration): Promise<void> {
    if (request !== 'launch' || typeof program !== 'string') return;
    await buildFunction(this.#services, program);
  }

  async #withSubject(
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const { request, program, subject, replay } = configuration;
    if (request !== 'launch' || subject !== undefined || replay !== undefined) return configuration;
    if (typeof program !== 'string') return configuration;
    const subjects = await triggerSubjectsOf(program, this.#services.memory);
    return subjects && { ...configuration, subject: subjects };
  }

  async #withServer(configuration: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration> {
    const places = ['server', 'context', 'connection'];
    if (places.some((name) => configuration[name] !== undefined)) return configuration;
    const { url } = await this.#services.link.ensure();
    return { ...configuration, server: url, connection: localConnectionId };
  }
}

/** What the list of debuggers offers under Nex: the active file, and files that ran before. */
export class DynamicConfigurations implements vscode.DebugConfigurationProvider {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    const active = activeProgram();
    // Services are remembered too, without a subject.
    const remembered = Object.entries(this.#services.memory.all())
      .filter(([, subjects]) => subjects.length > 0)
      .map(([program]) => program);
    const files = new Set(active === undefined ? remembered : [active, ...remembered]);
    return [...files].map((program) => {
      const subject = this.#services.memory.get(program);
      const name = `Nex: ${basename(program)}`;
      const common = { type: debugType, request: 'launch', program };
      return subject === undefined || subject.length === 0
        ? { ...common, name }
        : { ...common, name: name + onSubjects(subject), subject };
    });
  }
}

/** The active editor's file, where it can be a function: an output channel and a stored message are editors too. */
function activeProgram(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' && pathPatterns.function.test(uri.fsPath) ? uri.fsPath : undefined;
}

function requireProgram({ request, program }: vscode.DebugConfiguration): void {
  if (request !== 'launch' || program !== undefined) return;
  throw new NexError('no-file', 'No file of a function is active.', {
    remedy: 'Open the file of a function.',
  });
}
