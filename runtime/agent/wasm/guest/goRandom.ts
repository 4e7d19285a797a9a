import { goRandomSeed42 } from './goRandomSeed.ts';
import { decodeBase64 } from './text.ts';

const count = 607;
const lag = 273;
const bytesPerNumber = 7;

/**
 * The random bytes that every call sees on the real node: wazero's default source, Go's `math/rand` seeded with 42
 * (wazero `internal/platform/crypto.go`), seven bytes of each number.
 */
export function createGoRandom(): (target: Uint8Array) => void {
  const numbers = new BigUint64Array(decodeBase64(goRandomSeed42).buffer);
  let made = 0;
  let value = 0n;
  let left = 0;
  const next = (): bigint => {
    const index = made % count;
    if (made >= count) {
      const sum = (numbers[index] ?? 0n) + (numbers[(made - lag) % count] ?? 0n);
      numbers[index] = sum;
    }
    made += 1;
    return numbers[index] ?? 0n;
  };
  return (target) => {
    for (let at = 0; at < target.length; at += 1) {
      if (left === 0) {
        value = next();
        left = bytesPerNumber;
      }
      target[at] = Number(value & 0xffn);
      value >>= 8n;
      left -= 1;
    }
  };
}
