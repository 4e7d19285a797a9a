import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after } from 'mocha';
import { nexdevPath } from './devNode.ts';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command line of the built CLI to its end. */
export async function runNexdev(
  args: string[],
  environment: NodeJS.ProcessEnv,
  directory = process.cwd(),
): Promise<Finished> {
  const child = startCli(args, environment, directory);
  const closed = exitCode(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, stdout, stderr };
}

/** A command line that goes on until it is told to end; it ends with the suite at the latest. */
export class NexdevProcess {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #printed = '';
  #look: () => void = () => undefined;

  constructor(args: string[], environment: NodeJS.ProcessEnv) {
    this.#child = startCli(args, environment);
    this.exited = exitCode(this.#child);
    const read = (data: Buffer) => {
      this.#printed += data.toString();
      this.#look();
    };
    this.#child.stdout?.on('data', read);
    this.#child.stderr?.on('data', read);
    void this.exited.then(() => this.#look());
    after(async () => {
      if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
      await this.exited;
    });
  }

  /** All that came on both outputs so far. */
  get printed(): string {
    return this.#printed;
  }

  /** Resolves with the match once something printed matches; rejects when the process ends without it. */
  async waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#printed);
      if (match !== null) return match;
      if (this.#child.exitCode !== null) {
        throw new Error(`It ended (${this.#child.exitCode}) without ${pattern}:\n${this.#printed}`);
      }
      await new Promise<void>((look) => (this.#look = look));
    }
  }

  /** Ctrl-C; resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill('SIGINT');
    return this.exited;
  }
}

const startCli = (args: string[], environment: NodeJS.ProcessEnv, cwd?: string) =>
  spawn(process.execPath, [nexdevPath, ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const exitCode = (child: ChildProcess) =>
  once(child, 'close').then(([code]) => code as number | null);
