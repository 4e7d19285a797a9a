import { copied, type WasmHost } from './wasmHost.ts';

/** All that a WASI program sees of the world which is not its input: the one place where it can be recorded. */
export interface System {
  /** Nanoseconds since 1970. */
  wallNanos(): bigint;
  /** Nanoseconds since an instant of the past. */
  monotonicNanos(): bigint;
  /** Steps that both clocks advance by. */
  readonly resolutionNanos: bigint;
  fillRandom(target: Uint8Array): void;
  sleep(nanos: bigint): void;
}

/** The real ones. The isolate's clock knows milliseconds. */
export function createRealSystem({ random }: WasmHost): System {
  let latest = 0;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  return {
    wallNanos: () => BigInt(Date.now()) * nanosPerMs,
    monotonicNanos: () => {
      latest = Math.max(latest, Date.now());
      return BigInt(latest) * nanosPerMs;
    },
    resolutionNanos: nanosPerMs,
    fillRandom: (target) => target.set(random.applySync(undefined, [target.length], copied)),
    // V8 ends this wait when the time limit does.
    sleep: (nanos) => void Atomics.wait(sleeper, 0, 0, Number(nanos) / Number(nanosPerMs)),
  };
}

export const nanosPerMs = 1_000_000n;
