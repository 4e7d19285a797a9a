import type { ServiceDebugger } from '../../protocol/serviceDebugger.ts';
import { isProgram, searchPath } from '../../protocol/programs.ts';
import type { Command } from './interpreter.ts';

interface Debugger {
  /** Its program's name on PATH. */
  readonly program: string;
  readonly install: string;
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
    args: (address, { file, args }) => [`--inspect-brk=${address}`, file, ...args],
  },
  debugpy: {
    program: process.platform === 'win32' ? 'python' : 'python3',
    install: 'https://www.python.org, then python3 -m pip install debugpy',
    args: (address, { file, args }) => [
      ...['-m', 'debugpy', '--listen', address, '--wait-for-client'],
      file,
      ...args,
    ],
  },
};

/** What is started instead of a service: its debugger, waiting for a client on 127.0.0.1. */
export async function debuggerCommand(
  { kind, path }: ServiceDebugger,
  port: number,
  service: Command,
): Promise<Command> {
  const { program, install, args } = debuggers[kind];
  return {
    file: await findDebugger(path ?? program, install),
    args: args(`127.0.0.1:${port}`, service),
  };
}

/** An absolute path is taken as it is. Throws where there is no such program. */
async function findDebugger(program: string, install: string): Promise<string> {
  const [found] = (await isProgram(program)) ? [program] : await searchPath(program);
  if (found !== undefined) return found;
  throw new Error(`the debugger ${program} is not on the PATH of the node; to get it: ${install}`);
}
