import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NexError } from '../protocol/nexError.ts';
import { adoptServer } from './adoptServer.ts';
import { awaitReady, portTaken } from './awaitReady.ts';
import { findNatsServer } from './findNatsServer.ts';
import { logFile, portsDirectory, renderServerConfig } from './serverConfig.ts';
import { askListener } from './serverInfo.ts';
import { startServerProcess, type ProcessEnd, type ServerProcess } from './serverProcess.ts';
import { storeError } from './storeErrors.ts';
import { releaseStore, updateStoreState, type StoreState } from './storeState.ts';
import { takeStore } from './takeStore.ts';

export interface StartOptions {
  /** 0: any free one. Undefined: 4222, or a free one where that is taken. */
  port?: number | undefined;
  /** Created where it is missing; what is stored in it stays when the server ends. */
  storeDirectory: string;
  /** The user's choice of the program; else it is looked for, built or fetched. */
  serverPath?: string | undefined;
  /** One sentence for a person, where something takes long. */
  onProgress?: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface RunningNatsServer {
  /** `nats://127.0.0.1:PORT` */
  url: string;
  port: number;
  pid: number;
  version: string;
  storeDirectory: string;
  /** True where it was left over by a crashed run. */
  reused: boolean;
  /** Resolves when the server has ended, by whatever cause. */
  exited: Promise<ProcessEnd>;
  stop: () => Promise<void>;
}

/** NATS's own default port. */
const defaultPort = 4222;

/** Starts a nats-server with JetStream on 127.0.0.1; it is ready when this resolves, and ends with this process. */
export async function startNatsServer(options: StartOptions): Promise<RunningNatsServer> {
  const storeDirectory = resolve(options.storeDirectory);
  const resolved = { ...options, storeDirectory };
  try {
    const { state, leftOver } = await takeStore(storeDirectory, options.port);
    if (leftOver === undefined) return await startFresh(resolved, state);
    const adopted = await adoptServer(leftOver.server);
    await updateStoreState(storeDirectory, { ...state, watcher: adopted.watcher });
    const { port, info } = leftOver;
    return running(resolved, state.id, adopted, { port, info, reused: true });
  } catch (error) {
    throw storeError(storeDirectory, error);
  }
}

async function startFresh(options: StartOptions, state: StoreState): Promise<RunningNatsServer> {
  try {
    options.signal?.throwIfAborted();
    const { path } = await findNatsServer(options);
    return await startOnPort(options, state, path, await choosePort(options.port));
  } catch (error) {
    await releaseStore(options.storeDirectory, state.id);
    throw error;
  }
}

/** -1 lets the server choose. */
async function choosePort(port: number | undefined): Promise<number> {
  if (port === 0) return -1;
  const listener = await askListener(port ?? defaultPort);
  if (listener.kind === 'nobody') return port ?? defaultPort;
  if (port === undefined) return -1;
  throw portTaken(
    port,
    listener.kind === 'nats' ? `a NATS server ${listener.info.version}` : 'another program',
  );
}

async function startOnPort(
  options: StartOptions,
  state: StoreState,
  path: string,
  port: number,
): Promise<RunningNatsServer> {
  const { storeDirectory, signal } = options;
  await rm(portsDirectory(storeDirectory), { recursive: true, force: true });
  await mkdir(portsDirectory(storeDirectory));
  const config = join(storeDirectory, 'nats-server.conf');
  await writeFile(config, renderServerConfig({ storeDirectory, id: state.id, port }));
  const logOffset = await sizeOf(logFile(storeDirectory));
  const child = await startServerProcess(path, ['--config', config], storeDirectory);
  try {
    const { server, watcher, exited } = child;
    await updateStoreState(storeDirectory, { ...state, server, watcher });
    const ready = await awaitReady({ storeDirectory, logOffset, port, exited, signal });
    await updateStoreState(storeDirectory, { ...state, server, watcher, port: ready.port });
    return running(options, state.id, child, { ...ready, reused: false });
  } catch (error) {
    await child.stop();
    if (options.port !== undefined || !isPortTaken(error)) throw error;
    // Somebody took 4222 after we had looked.
    return startOnPort(options, state, path, -1);
  }
}

function running(
  { storeDirectory }: StartOptions,
  id: string,
  child: ServerProcess,
  { port, info, reused }: { port: number; info: { version: string }; reused: boolean },
): RunningNatsServer {
  const exited = child.exited.then(async (end) => {
    // A state file that stays is recognised as left over at the next start.
    await releaseStore(storeDirectory, id).catch(() => undefined);
    return end;
  });
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    pid: child.server?.pid ?? 0,
    version: info.version,
    storeDirectory,
    reused,
    exited,
    stop: async () => {
      await child.stop();
      await exited;
    },
  };
}

const isPortTaken = (error: unknown) => error instanceof NexError && error.code === 'port-taken';

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
