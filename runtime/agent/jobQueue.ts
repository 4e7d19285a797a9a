import { Backlog } from './backlog.ts';
import type { Job } from './invocation.ts';
import type { NodePipe } from './nodePipe.ts';

/** The messages that wait, in the order of arrival. */
export class JobQueue {
  readonly #jobs: Job[] = [];
  readonly #backlog: Backlog;
  /** Trigger subjects whose messages wait on purpose. */
  readonly #held = new Set<string>();

  constructor(pipe: NodePipe) {
    this.#backlog = new Backlog(pipe);
  }

  get length(): number {
    return this.#jobs.length;
  }

  /** Whether `take` would give anything. */
  isReady(): boolean {
    return this.#jobs.some((job) => this.#mayRun(job));
  }

  hold(trigger: string): void {
    this.#held.add(trigger);
  }

  release(trigger: string): void {
    this.#held.delete(trigger);
  }

  add(job: Job): void {
    this.#jobs.push(job);
    this.#backlog.added(job);
  }

  /** What the next entry into the isolate runs: up to `room` messages; a replay goes alone. */
  take(room: number): Job[] {
    const first = this.#jobs.findIndex((job) => this.#mayRun(job));
    if (first === -1) return [];
    const isAlone = (job: Job) => job.origin.kind === 'replay' || !this.#mayRun(job);
    const alone = this.#jobs.slice(first, first + room).findIndex(isAlone);
    const jobs = this.#jobs.splice(first, alone === -1 ? room : Math.max(1, alone));
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

  #mayRun({ origin }: Job): boolean {
    return origin.kind === 'replay' || !this.#held.has(origin.trigger);
  }
}
