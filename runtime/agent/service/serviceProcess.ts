import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { killTree } from '../../protocol/processTree.ts';
import type { Command } from './interpreter.ts';

export interface ServiceExit {
  /** As Nex tells it: -1 where a signal ended the process. */
  readonly code: number;
  readonly signal: NodeJS.Signals | undefined;
}

/** A service's processes: the one that was started, in a group of its own, and all that come from it. */
export class ServiceProcess {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once it has ended, nothing that it started runs, and all that it printed was read. */
  readonly exited: Promise<ServiceExit>;
  readonly #workloadId: string;

  private constructor(
    child: ChildProcess,
    pid: number,
    stdout: Readable,
    stderr: Readable,
    workloadId: string,
  ) {
    this.pid = pid;
    this.stdout = stdout;
    this.stderr = stderr;
    this.#workloadId = workloadId;
    this.exited = this.#awaitExit(child);
  }

  /** Rejects with the error of the operating system where it does not start it. */
  static async start(
    { file, args }: Command,
    env: Record<string, string>,
    workloadId: string,
  ): Promise<ServiceProcess> {
    const child = spawn(file, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own group can be ended as one, and a Ctrl-C in the node's terminal does not reach it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    await once(child, 'spawn');
    const { pid, stdout, stderr } = child;
    if (pid === undefined) throw new Error('the process has no pid');
    return new ServiceProcess(child, pid, stdout, stderr, workloadId);
  }

  /** SIGINT, as Nex; what is still there after `graceMs` is killed. */
  async stop(graceMs: number): Promise<void> {
    // Windows knows no such signal for a program without a console.
    if (process.platform !== 'win32') {
      this.#interrupt();
      await Promise.race([this.exited, pause(graceMs)]);
    }
    this.kill();
    await this.exited;
  }

  /** At once, and all of it. */
  kill(): void {
    killTree(this.pid, this.#workloadId);
  }

  #interrupt(): void {
    try {
      process.kill(-this.pid, 'SIGINT');
    } catch {
      // It has ended already.
    }
  }

  async #awaitExit(child: ChildProcess): Promise<ServiceExit> {
    const closed = once(child, 'close');
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // What it leaves behind would go on without a workload, and holds the outputs open.
    this.kill();
    await Promise.race([closed, pause(lastOutputMs)]);
    return { code: code ?? -1, signal: signal ?? undefined };
  }
}

/** A process of another user may hold an output open for ever. */
const lastOutputMs = 500;
