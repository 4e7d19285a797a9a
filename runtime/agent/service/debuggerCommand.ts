import { basename } from 'node:path';
import type { ServiceDebugger } from '../../protocol/serviceDebugger.ts';
import { isProgram, searchPath } from '../../protocol/programs.ts';
import { findInterpreter, type Command } from './interpreter.ts';

interface Debugger {
  /** Its program's name on PATH. */
  readonly program: string;
  readonly install: string;
  /** Interpreters that are their own debugger: that of the service's `#!` line comes before the one on PATH. */
  readonly interpreters?: RegExp;
  readonly args: (address: string, service: Command) => string[];
}

const debuggers: Readonly<Record<ServiceDebugger['kind'], Debugger>> = {
  dlv: {
    program: 'dlv',
    install: 'go install github.com/go-delve/delve/cmd/dlv@latest',
    // Several clients: the service does not end with the first that leaves.
    args: (address, { file, args }) => [
      'exec',
      '--headless',
      '--api-version=2',
      '--accept-multiclient',
      `--listen=${address}`,
      file,
      '--',
      ...args,
    ],
  },
  lldb: {
    program: 'lldb-server',
    install: 'the package lldb of your system',
    args: (address, { file, args }) => ['gdbserver', address, '--', file, ...args],
  },
  node: {
    program: 'node',
    install: 'https://nodejs.org',
    interpreters: /^node/,
    args: (address, { file, args }) => [`--inspect-brk=${address}`, file, ...args],
  },
  debugpy: {
    program: process.platform === 'win32' ? 'python' : 'python3',
    install: 'https://www.python.org, then python3 -m pip install debugpy',
    interpreters: /^python/,
    args: (address, { file, args }) => [
      ...['-m', 'debugpy', '--listen', address, '--wait-for-client'],
      file,
      ...args,
    ],
  },
};

/**
 * What is started instead of a service: its debugger, waiting for a client on 127.0.0.1.
 *
 * @param interpreter words of the service's `#!` line
 */
export async function debuggerCommand(
  { kind, path }: ServiceDebugger,
  port: number,
  service: Command,
  interpreter: readonly string[] = [],
): Promise<Command> {
  const { program, install, args, interpreters } = debuggers[kind];
  const commandLine = args(`127.0.0.1:${port}`, service);
  const own = path === undefined ? await findInterpreter(interpreter) : undefined;
  if (own !== undefined && interpreters?.test(basename(own.file)) === true) {
    return { file: own.file, args: [...own.args, ...commandLine] };
  }
  return { file: await findDebugger(path ?? program, install), args: commandLine };
}

/** An absolute path is taken as it is. Throws where there is no such program. */
async function findDebugger(program: string, install: string): Promise<string> {
  const [found] = (await isProgram(program)) ? [program] : await searchPath(program);
  if (found !== undefined) return found;
  throw new Error(`the debugger ${program} is not on the PATH of the node; to get it: ${install}`);
}
