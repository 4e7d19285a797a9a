import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { errorLineSchema, upLineSchema, type UpLine } from '../protocol/cliLines.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { runtimeDirectory } from '../protocol/nodeFile.ts';
import type { NatsTarget } from './natsTarget.ts';

export interface SpawnOptions {
  /** The Node that runs the runtime. */
  runtime: { path: string; args: string[] };
  /** NATS to join; without it the node starts a nats-server of its own. */
  join?: NatsTarget;
  /** Port of that server: 0 for any free one, undefined for 4222 or a free one. */
  port?: number | undefined;
  storeDirectory?: string | undefined;
  /** The user's choice of the nats-server program. */
  natsServerPath?: string | undefined;
  /** Bundle of the CLI; beside the caller's own by default. */
  nexdev?: string;
  onProgress?: (text: string) => void;
  signal?: AbortSignal;
}

/** Building or fetching nats-server reports progress; silence this long means that it hangs. */
const silenceMs = 300_000;

/** Starts `nexdev up --leased` as a process of its own, which outlives this one, and waits until it can be used. */
export async function spawnNode(options: SpawnOptions): Promise<{ nodeId: string; url: string }> {
  const log = join(runtimeDirectory(), 'node.log');
  await mkdir(runtimeDirectory(), { recursive: true, mode: 0o700 });
  const output = await open(log, 'w', 0o600);
  const child = spawn(options.runtime.path, createArguments(options), {
    detached: true,
    windowsHide: true,
    env: { ...process.env, ...loginEnvironment(options.join) },
    stdio: ['ignore', 'pipe', output.fd],
  });
  try {
    const { url, node } = await awaitReady(child, options, log);
    return { nodeId: node, url };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    await output.close();
    child.stdout?.destroy();
    child.unref();
  }
}

function createArguments(options: SpawnOptions): string[] {
  const { runtime, join: target, port, storeDirectory, natsServerPath } = options;
  const nexdev = options.nexdev ?? fileURLToPath(new URL('nexdev.cjs', import.meta.url));
  const flags: [name: string, value: string | number | undefined][] = [
    ['server', target?.server],
    ['creds', target?.creds],
    ['nkey', target?.nkey],
    ['tlscert', target?.tlscert],
    ['tlskey', target?.tlskey],
    ['tlsca', target?.tlsca],
    ['jsdomain', target?.jsdomain],
    ['context', target?.context],
    ['port', port],
    ['store-dir', storeDirectory],
    ['nats-server', natsServerPath],
  ];
  return [
    ...runtime.args,
    nexdev,
    ...['up', '--leased', '--json', '--progress-json'],
    ...flags.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...(target?.tlsfirst === true ? ['--tlsfirst'] : []),
  ];
}

/** Command lines can be read by every user of a machine. */
const loginEnvironment = ({ user, password, token }: NatsTarget = {}): NodeJS.ProcessEnv => ({
  ...(token === undefined && user === undefined ? {} : { NATS_USER: token ?? user }),
  ...(password === undefined ? {} : { NATS_PASSWORD: password }),
});

type ReadyLine = Extract<UpLine, { event: 'ready' }>;

async function awaitReady(
  child: ChildProcess & { stdout: NodeJS.ReadableStream | null },
  { onProgress = () => undefined, signal }: SpawnOptions,
  log: string,
): Promise<ReadyLine> {
  const ended = new AbortController();
  try {
    return await new Promise<ReadyLine>((resolve, reject) => {
      const timer = new SilenceTimer(() => reject(silent(log)), ended.signal);
      if (child.stdout === null) throw new Error('The child has no standard output.');
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = parseLine(text);
        if (line?.event === 'progress') onProgress(line.text);
        if (line?.event === 'ready') resolve(line);
        timer.restart();
      });
      child.once('error', (cause) => reject(notStarted(cause)));
      child.once('exit', (code, killedBy) => {
        readFailure(log, code ?? killedBy).then(reject, reject);
      });
      const cancel = () => reject(new NexError('cancelled', 'Starting the node was cancelled.'));
      if (signal?.aborted === true) cancel();
      signal?.addEventListener('abort', cancel, { signal: ended.signal });
    });
  } finally {
    ended.abort();
  }
}

class SilenceTimer {
  #timer: NodeJS.Timeout;
  readonly #onSilence: () => void;
  readonly #ended: AbortSignal;

  constructor(onSilence: () => void, ended: AbortSignal) {
    this.#onSilence = onSilence;
    this.#ended = ended;
    this.#timer = setTimeout(onSilence, silenceMs);
    ended.addEventListener('abort', () => clearTimeout(this.#timer));
  }

  restart(): void {
    clearTimeout(this.#timer);
    if (this.#ended.aborted) return;
    this.#timer = setTimeout(this.#onSilence, silenceMs);
  }
}

/** Undefined for a line that is not ours; a Node warning on standard output is no reason to fail. */
function parseLine(text: string): UpLine | undefined {
  try {
    return upLineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The NexError that the node printed last, or what it printed. */
async function readFailure(log: string, end: number | string | null): Promise<NexError> {
  const text = (await readFile(log, 'utf8')).trim();
  try {
    const { error } = errorLineSchema.parse(JSON.parse(text.split('\n').at(-1) ?? ''));
    const { code, message, remedy } = error;
    return new NexError(code, message, remedy === undefined ? {} : { remedy });
  } catch {
    const printed = text === '' ? '' : `:\n${text.slice(-2000)}`;
    return new NexError('node-start-failed', `The node ended at once (${end})${printed}`, {
      remedy: `Try \`nexdev up\` in a terminal. What it printed is in ${log}.`,
    });
  }
}

const notStarted = (cause: Error) =>
  new NexError('node-start-failed', `The node cannot be started: ${errorText(cause)}`, {
    remedy: 'Choose another Node for the runtime (setting nex.nodePath).',
    cause,
  });

const silent = (log: string) =>
  new NexError('node-start-failed', `The node said nothing for ${silenceMs / 1000} s.`, {
    remedy: `Try \`nexdev up\` in a terminal. What it printed is in ${log}.`,
  });
