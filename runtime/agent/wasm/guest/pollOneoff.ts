import { errno, type Errno } from './errno.ts';
import type { Program } from './program.ts';

const subscriptionBytes = 48;
const eventBytes = 32;
const clockTag = 0;
const absoluteFlag = 1;

interface Call {
  readonly subscriptions: number;
  readonly events: number;
  readonly count: number;
  readonly result: number;
}

/**
 * Waits for the earliest of the clocks asked for; stdin, stdout and stderr are ready at once. How runtimes sleep: they
 * ask for one clock.
 */
export function pollOneoff(
  program: Program,
  { subscriptions, events, count, result }: Call,
): Errno {
  const { memory, system } = program;
  if (count <= 0) return errno.inval;
  const asked = Array.from({ length: count }, (_, index) =>
    readSubscription(program, subscriptions + index * subscriptionBytes),
  );
  const wait = asked.map(({ nanos }) => nanos).reduce((one, other) => (other < one ? other : one));
  if (wait > 0n) system.sleep(wait);
  const ready = asked.filter(({ nanos }) => nanos <= wait);
  ready.forEach(({ userdata, tag }, index) => {
    const event = events + index * eventBytes;
    memory.bytes(event, eventBytes).fill(0);
    memory.writeU64(event, userdata);
    memory.writeU8(event + 10, tag);
  });
  memory.writeU32(result, ready.length);
  return errno.success;
}

/** `nanos` to wait from now. */
function readSubscription({ memory, system }: Program, at: number) {
  const userdata = memory.readU64(at);
  const tag = memory.readU8(at + 8);
  if (tag !== clockTag) return { userdata, tag, nanos: 0n };
  const clock = memory.readU32(at + 16);
  const timeout = memory.readU64(at + 24);
  const isAbsolute = (memory.readU16(at + 40) & absoluteFlag) !== 0;
  if (!isAbsolute) return { userdata, tag, nanos: timeout };
  const now = clock === 0 ? system.wallNanos() : system.monotonicNanos();
  return { userdata, tag, nanos: timeout - now };
}
