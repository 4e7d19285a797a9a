type Callback = (...args: unknown[]) => unknown;

/** What timers ask of the agent: call `fire(id)` in so many milliseconds; forget all, or one. */
export interface TimerHost {
  set(id: number, ms: number): void;
  clear(id: number): void;
}

export interface Timers {
  readonly setTimeout: (callback: Callback, ms?: unknown, ...args: unknown[]) => number;
  readonly setInterval: (callback: Callback, ms?: unknown, ...args: unknown[]) => number;
  readonly clearTimeout: (id?: unknown) => void;
  readonly clearInterval: (id?: unknown) => void;
  /** The time of one has come. */
  fire(id: number): void;
  /** The invocation has ended, and with it what it had set. */
  clearAll(): void;
}

interface Timer {
  readonly run: () => unknown;
  readonly everyMs: number | undefined;
}

export function createTimers(host: TimerHost): Timers {
  const timers = new Map<number, Timer>();
  let lastId = 0;

  const start = (callback: unknown, ms: unknown, args: unknown[], repeats: boolean): number => {
    if (typeof callback !== 'function') {
      throw new TypeError('The "callback" argument must be of type function.');
    }
    const delay = delayOf(ms);
    const id = (lastId += 1);
    const run = () => (callback as Callback)(...args);
    timers.set(id, { run, everyMs: repeats ? delay : undefined });
    host.set(id, delay);
    return id;
  };
  const clear = (id?: unknown) => {
    if (timers.delete(Number(id))) host.clear(Number(id));
  };
  return {
    setTimeout: (callback, ms, ...args) => start(callback, ms, args, false),
    setInterval: (callback, ms, ...args) => start(callback, ms, args, true),
    clearTimeout: (id) => clear(id),
    clearInterval: (id) => clear(id),
    fire: (id) => {
      const timer = timers.get(id);
      if (timer === undefined) return;
      if (timer.everyMs === undefined) timers.delete(id);
      else host.set(id, timer.everyMs);
      timer.run();
    },
    clearAll: () => {
      for (const id of timers.keys()) clear(id);
    },
  };
}

/** As everywhere: at least a millisecond, and what is no number is none. */
function delayOf(ms: unknown): number {
  const delay = Math.trunc(Number(ms));
  return delay >= 1 && delay <= longestDelay ? delay : 1;
}

const longestDelay = 2 ** 31 - 1;
