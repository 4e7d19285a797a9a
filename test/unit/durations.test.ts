import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatRuntime, formatUptime } from '../../runtime/node/durations.ts';

const [second, minute, hour, day, year] = [1000, 60_000, 3_600_000, 86_400_000, 31_536_000_000];

describe('durations as Nex writes them', () => {
  const uptimes: [milliseconds: number, text: string][] = [
    [0, '0s'],
    [999, '0s'],
    [12 * second, '12s'],
    [minute, '1m0s'],
    [3 * minute + 12 * second, '3m12s'],
    [hour, '1h0m0s'],
    [hour + 3 * minute + 12 * second, '1h3m12s'],
    [day - 1, '23h59m59s'],
    [2 * day + hour + 3 * minute + 12 * second, '2d1h3m12s'],
    [364 * day, '364d0h0m0s'],
    [year, '1y0d0h0m0s'],
    [year + 2 * day + hour + 3 * minute + 12 * second, '1y2d1h3m12s'],
  ];
  for (const [milliseconds, text] of uptimes) {
    it(`${milliseconds} ms of uptime: ${text}`, () =>
      assert.equal(formatUptime(milliseconds), text));
  }

  const runtimes: [nanoseconds: number, text: string][] = [
    [0, '0ns'],
    [999, '999ns'],
    [5000, '0ms'],
    [34_000_000, '34ms'],
    [999_999_999, '999ms'],
    [1_000_000_000, '1s'],
    [62_500_000_000, '1m2s'],
  ];
  for (const [nanoseconds, text] of runtimes) {
    it(`${nanoseconds} ns of run time: ${text}`, () =>
      assert.equal(formatRuntime(nanoseconds), text));
  }
});
