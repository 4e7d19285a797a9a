import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { logFile } from './serverConfig.ts';
import { identifyProcess, type ProcessIdentity } from './processIdentity.ts';
import { stopDeadline } from './endProcess.ts';

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ServerProcess {
  /** Undefined where it ended at once. */
  server: ProcessIdentity | undefined;
  watcher: ProcessIdentity | undefined;
  exited: Promise<ProcessEnd>;
  /** Ends it and waits; by force at a deadline. */
  stop: () => Promise<void>;
}

/**
 * Runs the server (`"$@"`), says its pid, and ends it when standard input closes: which it does when the process that
 * holds the other end stops it, and also when that one is killed. All are in a process group of their own, which a
 * Ctrl-C in the terminal does not reach; at the end `kill 0` takes the reader and its `sleep` along.
 */
const watcherScript = `
exec 3<&0
"$@" 3<&- </dev/null >/dev/null & server=$!
echo "$server"
{ read -r _ <&3; kill -TERM "$server"; sleep ${stopDeadline / 1000}; kill -KILL "$server"; } >/dev/null 2>&1 &
exec 3<&- >/dev/null 2>&1
wait "$server"; code=$?
trap '' TERM
kill -TERM 0
exit "$code"
`;

/** Starts the server and knows its pid when it returns; whether it is ready is another question. */
export async function startServerProcess(
  path: string,
  args: readonly string[],
  storeDirectory: string,
): Promise<ServerProcess> {
  const log = openSync(logFile(storeDirectory), 'a');
  try {
    return process.platform === 'win32'
      ? await startAlone(path, args, log)
      : await startWatched(path, args, log);
  } finally {
    closeSync(log);
  }
}

async function startWatched(
  path: string,
  args: readonly string[],
  log: number,
): Promise<ServerProcess> {
  const child = spawn('/bin/sh', ['-c', watcherScript, 'nats-server-watcher', path, ...args], {
    stdio: ['pipe', 'pipe', log],
    detached: true,
  });
  // The pipe breaks when the watcher is gone; that is told by its exit.
  child.stdin?.on('error', () => undefined);
  const exited = exitOf(child).then((end) => {
    if (end.signal !== null) killGroup(child);
    return translate(end);
  });
  const pid = await firstNumber(child.stdout);
  return {
    server: pid === undefined ? undefined : await identifyProcess(pid),
    watcher: child.pid === undefined ? undefined : await identifyProcess(child.pid),
    exited,
    stop: () => stopWithin(child, exited, () => child.stdin?.end(), killGroup),
  };
}

/** Windows has no such shell: after a crash the next start finds the server and uses or ends it. */
async function startAlone(
  path: string,
  args: readonly string[],
  log: number,
): Promise<ServerProcess> {
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', log], windowsHide: true });
  const exited = exitOf(child);
  const kill = () => void child.kill();
  return {
    server: child.pid === undefined ? undefined : await identifyProcess(child.pid),
    watcher: undefined,
    exited,
    stop: () => stopWithin(child, exited, kill, kill),
  };
}

async function stopWithin(
  child: ChildProcess,
  exited: Promise<ProcessEnd>,
  ask: () => void,
  force: (child: ChildProcess) => void,
): Promise<void> {
  ask();
  const timer = setTimeout(() => force(child), stopDeadline + 1000);
  try {
    await exited;
  } finally {
    clearTimeout(timer);
  }
}

function exitOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group is gone already.
  }
}

/** A shell tells that a signal ended its child by an exit code of 128 + the signal's number. */
function translate(end: ProcessEnd): ProcessEnd {
  if (end.code === null || end.code <= 128) return end;
  const signal = Object.entries(constants.signals).find(
    ([, number]) => number === Number(end.code) - 128,
  );
  return signal === undefined ? end : { code: null, signal: signal[0] as NodeJS.Signals };
}

async function firstNumber(stream: Readable | null): Promise<number | undefined> {
  if (stream === null) return undefined;
  const ended = once(stream, 'close').then(() => '');
  const [text] = await Promise.race([once(stream, 'data'), ended.then((empty) => [empty])]);
  stream.resume();
  const number = Number.parseInt(String(text), 10);
  return Number.isNaN(number) ? undefined : number;
}
