import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { waitForEnd } from '../../runtime/nats-server/endProcess.ts';
import {
  identifyProcess,
  type ProcessIdentity,
} from '../../runtime/nats-server/processIdentity.ts';
import {
  startNatsServer,
  type RunningNatsServer,
} from '../../runtime/nats-server/startNatsServer.ts';
import { readStoreState, stateFile } from '../../runtime/nats-server/storeState.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { startTestServer } from '../support/natsServer.ts';

const fails = (code: string, text: RegExp) => (error: unknown) => {
  assert.ok(error instanceof NexError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, text);
  assert.ok(error.remedy !== undefined);
  return true;
};

describe('startNatsServer', () => {
  let directory: string;
  let started: { stop: () => Promise<void> }[];

  const start = async (options: { port?: number; store?: string; serverPath?: string } = {}) => {
    const { store = join(directory, 'store'), port = 0, serverPath } = options;
    const server = await startNatsServer({ port, storeDirectory: store, serverPath });
    started.push(server);
    return server;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexdev-test-'));
    started = [];
  });

  afterEach(async () => {
    for (const server of started) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('starts a server with JetStream that listens on 127.0.0.1 alone', async () => {
    const server = await start();
    const nc = await connect({ servers: server.url });
    const manager = await jetstreamManager(nc);
    assert.equal((await manager.getAccountInfo()).streams, 0);
    assert.equal(nc.info?.host, '127.0.0.1');
    assert.equal(nc.info.version, server.version);
    await nc.close();
  });

  it('ends with its watcher when stopped, and says so once', async () => {
    const server = await start();
    const before = await treeOf(server);
    await Promise.all([server.stop(), server.stop()]);
    await server.exited;
    for (const identity of before) assert.ok(await waitForEnd(identity, 1000));
    assert.equal(await readStoreState(server.storeDirectory), undefined);
  });

  it('keeps what is stored over a restart', async () => {
    await store(await start(), 'kept');
    await started.pop()?.stop();
    assert.equal(await load(await start()), 'kept');
  });

  it('takes a free port where 4222 is taken and none was asked', async () => {
    // Whoever has the port already does as well.
    const blocker = await listen(4222).catch(() => undefined);
    try {
      const store = join(directory, 'store');
      const server = await startNatsServer({ storeDirectory: store });
      started.push(server);
      assert.notEqual(server.port, 4222);
    } finally {
      blocker?.close();
    }
  });

  it('names the port and a way out where the asked one is taken', async () => {
    const blocker = await listen(0);
    const { port } = blocker.address() as AddressInfo;
    try {
      await assert.rejects(start({ port }), fails('port-taken', new RegExp(`Port ${port} `)));
    } finally {
      blocker.close();
    }
    const server = await startTestServer();
    await assert.rejects(
      start({ port: server.port }),
      fails('port-taken', /taken by a NATS server \d/),
    );
    assert.equal((await start({ port })).port, port, 'the failure left the store usable');
  });

  it('reports a server that was killed', async () => {
    const server = await start();
    process.kill(server.pid, 'SIGKILL');
    assert.deepEqual(await server.exited, { code: null, signal: 'SIGKILL' });
    assert.equal((await start()).reused, false);
  });

  it('refuses a store directory that another process uses, and names its pid', async () => {
    const holder = await startHolder(directory);
    await assert.rejects(
      start(),
      fails('store-in-use', new RegExp(`pid ${holder.child.pid ?? 0}\\b`)),
    );
    await holder.kill();
  });

  it('lets one of two simultaneous starts have the store directory', async () => {
    const results = await Promise.allSettled([start(), start(), start()]);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const result of results) {
      if (result.status === 'rejected') fails('store-in-use', /already used/)(result.reason);
    }
  });

  it('leaves nothing behind when its process is killed, and the next start finds the store', async () => {
    const holder = await startHolder(directory);
    await store(holder, 'before the crash');
    const tree = await treeOf(holder);
    await holder.kill();
    const next = await start({ port: holder.port });
    assert.equal(next.reused, false);
    assert.equal(await load(next), 'before the crash');
    for (const identity of tree) assert.ok(await waitForEnd(identity, 1000));
  });

  it('uses a healthy server that a crash has left over on the asked port', async () => {
    const holder = await startHolder(directory);
    await store(holder, 'left over');
    await holder.killWithWatcher();
    const next = await start({ port: holder.port });
    assert.equal(next.reused, true);
    assert.equal(next.pid, holder.pid);
    assert.equal(await load(next), 'left over');
    const [, server] = await treeOf(next);
    await next.stop();
    assert.ok(server !== undefined && (await waitForEnd(server, 0)));
  });

  it('ends a server that was left over on another port', async () => {
    const holder = await startHolder(directory);
    await store(holder, 'moved');
    await holder.killWithWatcher();
    const free = await freePort();
    const next = await start({ port: free });
    assert.deepEqual([next.reused, next.port], [false, free]);
    assert.equal(await load(next), 'moved');
    await assert.rejects(once(dial(holder.port, '127.0.0.1'), 'connect'));
  });

  it('ends a left-over server that hangs', async () => {
    const holder = await startHolder(directory);
    await holder.killWithWatcher();
    const [, server] = await treeOf(holder);
    process.kill(holder.pid, 'SIGSTOP');
    const next = await start({ port: 0 });
    assert.equal(next.reused, false);
    assert.ok(server === undefined || (await waitForEnd(server, 0)));
  });

  it('never touches a process that got the pid of a server that is gone', async () => {
    const bystander = spawn('sleep', ['60']);
    await start();
    const [server] = started.splice(0) as RunningNatsServer[];
    const state = await readStoreState(server!.storeDirectory);
    await server!.stop();
    const gone = { pid: bystander.pid, started: 'earlier' };
    const leftOver = { ...state, owner: { ...state?.owner, started: 'earlier' }, server: gone };
    await writeFile(stateFile(server!.storeDirectory), JSON.stringify(leftOver));
    assert.equal((await start()).reused, false);
    assert.equal(bystander.exitCode, null);
    bystander.kill('SIGKILL');
    const [, signal] = (await once(bystander, 'exit')) as unknown[];
    assert.equal(signal, 'SIGKILL', 'it still ran');
  });

  it('says which file to delete where the state file is garbage', async () => {
    const store = join(directory, 'store');
    await mkdir(store);
    await writeFile(stateFile(store), '{"id":7');
    await assert.rejects(start(), fails('store-state-unreadable', /nats-server\.json/));
  });

  it('says that the store directory cannot be written', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await assert.rejects(
      start({ store: join(file, 'store') }),
      fails('store-unwritable', /ENOTDIR/),
    );
  });

  it('says that the disk is full', async function () {
    if (process.platform !== 'linux') this.skip();
    const store = join(directory, 'store');
    await mkdir(store);
    await symlink('/dev/full', join(store, 'nats-server.conf'));
    await assert.rejects(start(), fails('disk-full', /no space left/));
    assert.deepEqual(
      (await readdir(store)).filter((name) => name.endsWith('.json')),
      [],
    );
  });

  it('shows what the server said where it does not start', async () => {
    const store = join(directory, 'store');
    await mkdir(store);
    await writeFile(join(store, 'jetstream'), 'a file where the server wants a directory');
    await assert.rejects(start(), fails('nats-server-failed', /jetstream/i));
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const storeDirectory = join(directory, 'store');
    const starting = startNatsServer({ port: 0, storeDirectory, signal: controller.signal });
    controller.abort();
    await assert.rejects(starting, { name: 'AbortError' });
    assert.equal(await readStoreState(storeDirectory), undefined);
  });
});

async function treeOf(server: { storeDirectory: string }): Promise<ProcessIdentity[]> {
  const state = await readStoreState(server.storeDirectory);
  return [state?.watcher, state?.server].filter((identity) => identity !== undefined);
}

async function store(server: { url: string }, text: string): Promise<void> {
  const nc = await connect({ servers: server.url });
  await (await jetstreamManager(nc)).streams.add({ name: 'KEPT', subjects: ['kept'] });
  await jetstream(nc).publish('kept', text);
  await nc.close();
}

async function load(server: { url: string }): Promise<string | undefined> {
  const nc = await connect({ servers: server.url });
  const message = await (await jetstreamManager(nc)).streams.getMessage('KEPT', { seq: 1 });
  await nc.close();
  return message?.string();
}

async function listen(port: number) {
  const server = createServer((socket) => socket.end('220 not nats\r\n'));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function freePort(): Promise<number> {
  const server = await listen(0);
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Holder {
  child: ChildProcess;
  url: string;
  port: number;
  pid: number;
  storeDirectory: string;
  kill: () => Promise<void>;
  /** As when the machine's memory runs out and both are chosen. */
  killWithWatcher: () => Promise<void>;
}

/** Another process that has started a server in `directory`/store. */
async function startHolder(directory: string): Promise<Holder> {
  const storeDirectory = join(directory, 'store');
  const child = spawn(process.execPath, ['test/support/holdNatsServer.ts', storeDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, port, pid } = JSON.parse(line) as { url: string; port: number; pid: number };
  const self = await identifyProcess(child.pid ?? 0);
  const kill = async () => {
    child.kill('SIGKILL');
    if (self !== undefined) await waitForEnd(self, 5000);
  };
  const killWithWatcher = async () => {
    const [watcher] = await treeOf({ storeDirectory });
    await endWatcher(watcher, child);
    await kill();
  };
  return { child, url, port, pid, storeDirectory, kill, killWithWatcher };
}

/** Stops the owner first: it would see the end of its watcher and end the server. */
async function endWatcher(watcher: ProcessIdentity | undefined, owner: ChildProcess) {
  if (watcher === undefined) return;
  owner.kill('SIGSTOP');
  for (const pid of await readersOf(watcher.pid)) process.kill(pid, 'SIGKILL');
  process.kill(watcher.pid, 'SIGKILL');
}

/** The shell's own child that waits for standard input to close; the other child is the server. */
async function readersOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const readers: number[] = [];
  for (const child of children.trim().split(' ').map(Number)) {
    const command = await readFile(`/proc/${child}/cmdline`, 'utf8');
    if (command.includes('nats-server-watcher')) readers.push(child);
  }
  return readers;
}
