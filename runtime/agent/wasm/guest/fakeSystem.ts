import { createGoRandom } from './goRandom.ts';
import { nanosPerMs, type System } from './system.ts';

/** 2022-01-01T00:00:00Z. */
const firstWallNanos = 1_640_995_200_000n * nanosPerMs;

/**
 * What the real node gives a program, by configuring none: wazero's fakes. Clocks that begin anew in each call and
 * advance by a millisecond per reading, the same random bytes, sleeps that return at once.
 */
export function createFakeSystem(): System {
  let wall = firstWallNanos - nanosPerMs;
  let monotonic = -nanosPerMs;
  return {
    wallNanos: () => (wall += nanosPerMs),
    monotonicNanos: () => (monotonic += nanosPerMs),
    resolutionNanos: nanosPerMs,
    fillRandom: createGoRandom(),
    sleep: () => undefined,
  };
}
