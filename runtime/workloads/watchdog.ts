import pidusage from 'pidusage';
import type { Limits } from '../protocol/controlApi.ts';
import { memoryText, timeoutText } from '../protocol/limitTexts.ts';
import type { InvocationErrorKind } from '../protocol/serviceErrors.ts';
import type { WorkloadType } from '../protocol/workloadTypes.ts';

export interface LimitPassed {
  readonly kind: Extract<InvocationErrorKind, 'timeout' | 'memory'>;
  readonly text: string;
}

/**
 * Watches one agent from outside: wall clock of the running invocation (standing still in the debugger) and resident
 * memory. isolated-vm's own limits come first, but do not always hold.
 */
export class Watchdog {
  readonly #pid: number;
  readonly #type: WorkloadType;
  readonly #limits: Limits;
  readonly #onPassed: (passed: LimitPassed) => void;
  readonly #interval: NodeJS.Timeout;
  /** Resident bytes of the agent with its function loaded and nothing run yet. */
  #baseline: number | undefined;
  #backlogBytes = 0;
  #spentMs = 0;
  #runningSince: number | undefined;
  #inInvocation = false;
  #measuring = false;

  constructor(
    pid: number,
    { type, limits }: { type: WorkloadType; limits: Limits },
    onPassed: (passed: LimitPassed) => void,
  ) {
    this.#pid = pid;
    this.#type = type;
    this.#limits = limits;
    this.#onPassed = onPassed;
    this.#interval = setInterval(() => void this.#look(), lookMs);
    void this.#look();
  }

  began(): void {
    this.#inInvocation = true;
    this.#spentMs = 0;
    this.#runningSince = performance.now();
  }

  ended(): void {
    this.#inInvocation = false;
    this.#runningSince = undefined;
  }

  paused(): void {
    this.#spentMs = this.elapsedMs;
    this.#runningSince = undefined;
  }

  resumed(): void {
    if (this.#inInvocation) this.#runningSince ??= performance.now();
  }

  /** Memory of messages that wait is not the function's. Once none does, what the process then has is its new baseline. */
  allow(backlogBytes: number): void {
    this.#backlogBytes = Math.min(backlogBytes, mostBacklogBytes);
    if (backlogBytes === 0) this.measureAnew();
  }

  /** What the process has next is its new baseline. */
  measureAnew(): void {
    this.#baseline = undefined;
  }

  dispose(): void {
    clearInterval(this.#interval);
  }

  /** How long the running invocation takes by now; 0 where none runs. */
  get elapsedMs(): number {
    if (!this.#inInvocation) return 0;
    return (
      this.#spentMs +
      (this.#runningSince === undefined ? 0 : performance.now() - this.#runningSince)
    );
  }

  async #look(): Promise<void> {
    const { timeoutMs } = this.#limits;
    if (this.elapsedMs > timeoutMs + graceMs) {
      this.#onPassed({ kind: 'timeout', text: timeoutText(this.#type, this.#limits) });
    }
    if (this.#measuring || (this.#baseline !== undefined && !this.#inInvocation)) return;
    this.#measuring = true;
    try {
      this.#judgeMemory((await pidusage(this.#pid, { maxage: rememberedMs })).memory);
    } catch {
      // The process is gone; whoever holds it hears of that by itself.
    } finally {
      this.#measuring = false;
    }
  }

  #judgeMemory(residentBytes: number): void {
    // What was freed shortly before is given back with a delay.
    const baseline = Math.min(this.#baseline ?? Infinity, residentBytes);
    this.#baseline = baseline;
    const { memoryMb } = this.#limits;
    const allowed = baseline + this.#backlogBytes + (memoryMb + headroomMb) * 1024 * 1024;
    if (residentBytes > allowed) {
      this.#onPassed({ kind: 'memory', text: memoryText(this.#limits) });
    }
  }
}

const lookMs = process.platform === 'win32' ? 1000 : 100;
/** How long pidusage remembers a process, and keeps a file open for it; a minute else, also of those that are gone. */
const rememberedMs = 2000;
/** What isolated-vm's own limit gets before the agent is ended. */
const graceMs = 300;
/** No flood may take the computer's memory. */
const mostBacklogBytes = 1024 ** 3;
/** Resident memory in MB beyond the isolate's limit: young generation, messages that wait, the client's buffers. */
const headroomMb = 96;
