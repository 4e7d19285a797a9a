import type { NatsConnection } from '@nats-io/transport-node';

const payload = new Uint8Array(100).fill(120);
const timeout = 60_000;

/** Median latency in ms of `count` requests, each sent when the one before was answered. */
export async function backToBack(
  connection: NatsConnection,
  subject: string,
  count: number,
): Promise<number> {
  const times: number[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const start = performance.now();
    await connection.request(subject, payload, { timeout });
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Median latency in ms of `count` requests at a steady rate per second. */
export async function paced(
  connection: NatsConnection,
  subject: string,
  count: number,
  rate: number,
): Promise<number> {
  const start = performance.now();
  const times: number[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const due = start + (sent * 1000) / rate - performance.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    const sentAt = performance.now();
    await connection.request(subject, payload, { timeout });
    times.push(performance.now() - sentAt);
  }
  return median(times);
}

/** Requests per second with `inFlight` of them on their way at any time. */
export async function throughput(
  connection: NatsConnection,
  subject: string,
  count: number,
  inFlight: number,
): Promise<number> {
  let left = count;
  const start = performance.now();
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await connection.request(subject, payload, { timeout });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  return (count / (performance.now() - start)) * 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
