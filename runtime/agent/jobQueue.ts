import { Backlog } from './backlog.ts';
import type { Job } from './invocation.ts';
import type { NodePipe } from './nodePipe.ts';

/** The messages that wait, in the order of arrival. */
export class JobQueue {
  readonly #jobs: Job[] = [];
  readonly #backlog: Backlog;

  constructor(pipe: NodePipe) {
    this.#backlog = new Backlog(pipe);
  }

  get length(): number {
    return this.#jobs.length;
  }

  add(job: Job): void {
    this.#jobs.push(job);
    this.#backlog.added(job);
  }

  /** What the next entry into the isolate runs: up to `room` messages; a replay goes alone. */
  take(room: number): Job[] {
    const isReplay = ({ origin }: Job) => origin.kind === 'replay';
    const replay = this.#jobs.slice(0, room).findIndex(isReplay);
    const jobs = this.#jobs.splice(0, replay === -1 ? room : Math.max(1, replay));
    for (const job of jobs) this.#backlog.taken(job);
    return jobs;
  }

  /** Those that were taken and not begun. */
  putBack(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    this.#jobs.unshift(...jobs);
    for (const job of jobs) this.#backlog.added(job);
  }

  from(index: number): Job[] {
    return this.#jobs.slice(index);
  }

  /** Takes all, to be refused. */
  clear(): Job[] {
    return this.#jobs.splice(0);
  }
}
