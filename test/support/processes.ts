import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { workloadVariable } from '../../runtime/protocol/processTree.ts';

interface Child {
  readonly pid: number;
  readonly command: string;
}

/** Child processes of a process, direct ones only. */
function childrenOf(pid: number): Child[] {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return lines
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === pid)
    .map((match) => ({ pid: Number(match?.[1]), command: match?.[3] ?? '' }));
}

/** All processes below a process. */
export function descendantsOf(pid: number): Child[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child.pid)]);
}

/** All that a service, or its debugger, has started, by the mark in its environment. */
export function processesOfService(workloadId: string): number[] {
  const mark = `${workloadVariable}=${workloadId}`;
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && isMarked(pid, mark))
    .map(Number);
}

function isMarked(pid: string, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

/** Polls until none of the processes runs; mocha's time-out is the deadline. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A zombie has ended; only its parent has not asked yet. */
function isAlive(pid: number): boolean {
  try {
    const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return !state.trim().startsWith('Z');
  } catch {
    return false;
  }
}
