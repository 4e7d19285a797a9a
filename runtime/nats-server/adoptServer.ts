import { spawn } from 'node:child_process';
import { endProcess, stopDeadline, waitForEnd } from './endProcess.ts';
import { identifyProcess, type ProcessIdentity } from './processIdentity.ts';
import type { ProcessEnd, ServerProcess } from './serverProcess.ts';

/** Ends the server (`$1`) when standard input closes, as the watcher of a server that we started ourselves does. */
const watcherScript = 'read -r _; kill -TERM "$1"';

/** Makes a server that is not our child end with us, and tells when it has ended. */
export async function adoptServer(server: ProcessIdentity): Promise<ServerProcess> {
  const watcher = process.platform === 'win32' ? undefined : startWatcher(server.pid);
  const exited = waitForEnd(server, Infinity).then((): ProcessEnd => {
    // Its pid may soon be another's: nobody may signal it any more.
    watcher?.kill('SIGKILL');
    return { code: null, signal: null };
  });
  return {
    server,
    watcher: watcher?.pid === undefined ? undefined : await identifyProcess(watcher.pid),
    exited,
    stop: async () => {
      await endProcess(server, stopDeadline);
      await exited;
    },
  };
}

function startWatcher(pid: number) {
  return spawn('/bin/sh', ['-c', watcherScript, 'nats-server-watcher', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
}
