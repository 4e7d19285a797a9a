import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Environment variable by which all that a service starts is recognised: its value is the workload's id. */
export const workloadVariable = 'NEXDEV_WORKLOAD';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Whether its environment carries the mark looked for. */
  readonly marked: boolean;
}

/**
 * Ends a service with all that it started, by SIGKILL: its process group, their descendants in other groups, and, on Linux,
 * whatever has `workload` as its `workloadVariable`, though it be a daemon of its own. Synchronous, as a process that has to end
 * itself has no later.
 */
export function killTree(pid: number, workload: string): void {
  if (process.platform === 'win32') {
    killOnWindows(pid);
    return;
  }
  // Whoever forks while it is killed leaves one for the next round.
  for (let round = 0; round < mostRounds; round += 1) {
    const tree = findTree(pid, listProcesses(`${workloadVariable}=${workload}`));
    if (tree.length === 0) return;
    tree.forEach(kill);
  }
}

const mostRounds = 20;

function findTree(root: number, processes: readonly Process[]): number[] {
  const tree = new Set<number>();
  const add = (pid: number) => {
    if (tree.has(pid) || pid === process.pid) return;
    tree.add(pid);
    for (const each of processes) if (each.parent === pid) add(each.pid);
  };
  for (const { pid, group, marked } of processes) {
    if (pid === root || group === root || marked) add(pid);
  }
  return [...tree];
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

function killOnWindows(pid: number): void {
  try {
    execFileSync('taskkill', ['/PID', String(pid), '/T', '/F'], {
      windowsHide: true,
      stdio: 'ignore',
    });
  } catch {
    // There is no such process any more.
  }
}

/** Every process that runs; zombies have ended. */
function listProcesses(mark: string): Process[] {
  if (process.platform !== 'linux') return listByPs();
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => readProcess(pid, mark));
}

function readProcess(pid: number, mark: string): Process[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may contain anything.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return [];
    return [{ pid, parent: Number(parent), group: Number(group), marked: isMarked(pid, mark) }];
  } catch {
    // The directory is gone with the process.
    return [];
  }
}

function isMarked(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
  } catch {
    // Another user's process, which is none of ours.
    return false;
  }
}

function listByPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => {
    const [pid, parent, group, state = ''] = line.trim().split(/\s+/);
    if (pid === undefined || pid === '' || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), marked: false }];
  });
}
