import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { searchPath } from '../../runtime/protocol/programs.ts';
import type { DebuggerAddress, ServiceDebugger } from '../../runtime/protocol/serviceDebugger.ts';
import { DapClient } from './dapClient.ts';
import { findDelve } from './delve.ts';

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, '../fixtures/services');

/** A service that prints its environment and the number of its arguments, and the tools to debug it with. */
export interface DebuggedService {
  readonly executable: string | Uint8Array;
  /** The file that breakpoints are in, where it is not the executable itself. */
  readonly source?: string;
  /** Where what it prints goes under the debugger: LLDB gives it a terminal of its own, and the output to its client. */
  readonly output: 'log' | 'client';
  /** What the debugger itself adds to the environment of what it runs. */
  readonly own?: readonly string[];
  /** Path of the debugger, where the node need not find it. */
  readonly path?: string;
  /** Begins a session as the extension of VS Code does, with what our configuration for it says. */
  readonly attach: (attachment: Attachment) => Promise<DapClient>;
}

interface Attachment {
  readonly address: DebuggerAddress;
  readonly configuration: Record<string, unknown>;
  readonly file: string;
  readonly lines: readonly number[];
}

type Kind = Exclude<ServiceDebugger['kind'], 'node'>;

/** Each makes its service in a directory, or says what is missing. */
export const debuggedServices: Record<
  Kind,
  (directory: string) => Promise<DebuggedService | string>
> = {
  dlv: async (directory) => {
    const [go] = await searchPath('go');
    const path = await findDelve();
    if (go === undefined || path === undefined) return 'there is no Go';
    const output = join(directory, 'variables-go.built');
    const cwd = join(fixtures, 'variables-go');
    await run(go, ['build', '-gcflags=-N -l', '-o', output, '.'], { cwd });
    return {
      executable: await readFile(output),
      source: join(cwd, 'main.go'),
      // The second is that of the node, whose working directory a service has.
      own: ['CGO_CFLAGS=-O0 -g', `PWD=${process.cwd()}`],
      path,
      output: 'log',
      attach: overSocket,
    };
  },
  lldb: async (directory) => {
    const [clang] = await searchPath('clang');
    const [path] = await searchPath('lldb-server');
    const adapter = await findLldbAdapter();
    if (clang === undefined) return 'there is no clang';
    if (path === undefined || adapter === undefined) return 'there is no LLDB with its DAP adapter';
    const output = join(directory, 'variables-c.built');
    const source = join(fixtures, 'variables.c');
    await run(clang, ['-g', '-O0', source, '-o', output]);
    const attach = async ({ configuration, file, lines }: Attachment) => {
      const client = await DapClient.spawn(adapter);
      await client.attach(inLldbsOwnTerms(configuration), file, lines);
      return client;
    };
    return { executable: await readFile(output), source, path, output: 'client', attach };
  },
  debugpy: async () => {
    const python = await findPython();
    if (python === undefined) return 'there is no Python with debugpy';
    const text = await readFile(join(fixtures, 'variables.py'), 'utf8');
    return {
      executable: text.replace('/usr/bin/env python3', python),
      own: ['PYDEVD_USE_FRAME_EVAL=NO'],
      output: 'log',
      attach: overSocket,
    };
  },
};

async function overSocket({ address, configuration, file, lines }: Attachment): Promise<DapClient> {
  const client = await DapClient.connect(address.port);
  await client.attach(configuration, file, lines);
  return client;
}

/** LLDB's own adapter under its names, the newest first; CodeLLDB's is in no distribution. */
async function findLldbAdapter(): Promise<string | undefined> {
  for (const name of ['lldb-dap', 'lldb-vscode', 'lldb-vscode-14']) {
    const [found] = await searchPath(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** CodeLLDB runs these commands one after the other; LLDB's own adapter has one list for both. */
function inLldbsOwnTerms({
  targetCreateCommands,
  processCreateCommands,
  ...rest
}: Record<string, unknown>): Record<string, unknown> {
  return { ...rest, attachCommands: [targetCreateCommands, processCreateCommands].flat() };
}

async function findPython(): Promise<string | undefined> {
  for (const python of await searchPath('python3')) {
    const hasDebugger = await run(python, ['-c', 'import debugpy']).then(
      () => true,
      () => false,
    );
    if (hasDebugger) return python;
  }
  return undefined;
}
