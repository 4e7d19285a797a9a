import { dirname } from 'node:path';
import type { DebuggerAddress, ServiceDebugger } from '../../runtime/protocol/serviceDebugger.ts';

export type DebuggerKind = ServiceDebugger['kind'];

/** What a client of a service's debugger is told. */
interface Service {
  address: DebuggerAddress;
  /** The file that was deployed; what runs is a copy of it. */
  program: string;
}

/** An extension of VS Code whose debugger can attach to the one that a service was started under. */
export interface Attachment {
  readonly extension: string;
  readonly configuration: (service: Service) => {
    type: string;
    request: string;
    [member: string]: unknown;
  };
}

interface DebuggerEntry {
  readonly label: string;
  readonly detail: string;
  /** Names of files that it is most likely meant for. */
  readonly files: RegExp;
  /** The first that is installed is taken. */
  readonly attachments: readonly Attachment[];
}

const host = '127.0.0.1';

export const serviceDebuggers: Readonly<Record<DebuggerKind, DebuggerEntry>> = {
  dlv: {
    label: 'Delve (dlv)',
    detail: 'Go',
    files: /(^|[\\/])[^.\\/]+(\.exe)?$/,
    attachments: [
      {
        extension: 'golang.go',
        configuration: ({ address: { port } }) => ({
          ...{ type: 'go', request: 'attach', mode: 'remote', debugAdapter: 'dlv-dap' },
          ...{ host, port },
        }),
      },
    ],
  },
  lldb: {
    label: 'LLDB (lldb-server)',
    detail: 'Rust, C, C++, Swift, Zig',
    files: /(^|[\\/])[^.\\/]+(\.exe)?$/,
    attachments: [
      {
        extension: 'vadimcn.vscode-lldb',
        configuration: ({ address: { port }, program }) => ({
          ...{ type: 'lldb', request: 'attach' },
          targetCreateCommands: [`target create "${program}"`],
          processCreateCommands: [`gdb-remote ${host}:${port}`],
        }),
      },
      {
        extension: 'llvm-vs-code-extensions.lldb-dap',
        configuration: ({ address: { port }, program }) => ({
          ...{ type: 'lldb-dap', request: 'attach', program },
          ...{ 'gdb-remote-hostname': host, 'gdb-remote-port': port },
        }),
      },
    ],
  },
  node: {
    label: 'Node.js (node --inspect)',
    detail: 'JavaScript',
    files: /\.[cm]?[jt]s$/,
    attachments: [
      {
        extension: 'ms-vscode.js-debug',
        configuration: ({ address: { port, file }, program }) => ({
          ...{ type: 'node', request: 'attach', address: host, port, continueOnAttach: true },
          ...{ remoteRoot: file, localRoot: program, cwd: dirname(program) },
        }),
      },
    ],
  },
  debugpy: {
    label: 'debugpy',
    detail: 'Python',
    files: /\.py$/,
    attachments: [
      {
        extension: 'ms-python.debugpy',
        configuration: ({ address: { port, file }, program }) => ({
          ...{ type: 'debugpy', request: 'attach', connect: { host, port } },
          pathMappings: [{ localRoot: program, remoteRoot: file }],
        }),
      },
    ],
  },
};
