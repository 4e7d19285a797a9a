import { randomBytes } from 'node:crypto';
import ivm from 'isolated-vm';
import type { EngineHost } from '../engine.ts';

/** `guest/wasmHost.ts`'s `stderr` and `random`, in this order. */
export function createHostReferences(
  host: EngineHost,
): [stderr: ivm.Reference, random: ivm.Reference] {
  const stderr = (position: number, bytes: Uint8Array): string | undefined => {
    host.turnTo(position);
    const text = Buffer.from(bytes).toString('utf8').replace(/\n$/, '');
    for (const line of text.split('\n')) host.log('error', line, '');
    return host.debuggerAttached ? text : undefined;
  };
  // A Buffer is a view of a pool; what crosses is a copy of its own.
  const random = (length: number) => new Uint8Array(randomBytes(length));
  return [new ivm.Reference(stderr), new ivm.Reference(random)];
}
