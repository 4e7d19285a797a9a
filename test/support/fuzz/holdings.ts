import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { descendantsOf } from '../processes.ts';

/** What a process holds on to, as seen from outside. */
export interface Holdings {
  readonly processes: number;
  /** Of all connections of the node and its workloads, which have names. */
  readonly subscriptions: number;
  readonly artifactFiles: number;
  /** 0 where the system does not tell. */
  readonly openFiles: number;
}

/** @param watcher a connection of the system account */
export async function readHoldings(pid: number, watcher: NatsConnection): Promise<Holdings> {
  const artifacts = readdirSync(tmpdir()).filter((name) =>
    name.startsWith(`nexdev-artifacts-${pid}-`),
  );
  const openFiles = `/proc/${pid}/fd`;
  return {
    processes: descendantsOf(pid).length,
    subscriptions: await countSubscriptions(watcher),
    artifactFiles: artifacts.flatMap((name) => readdirSync(join(tmpdir(), name))).length,
    openFiles: existsSync(openFiles) ? readdirSync(openFiles).length : 0,
  };
}

/** Of what there is more now than before. */
export const more = (now: Holdings, before: Holdings): string[] =>
  (Object.keys(now) as (keyof Holdings)[])
    .filter((each) => now[each] > before[each])
    .map((each) => `${each}: ${now[each]}, before ${before[each]}`);

const connectionsSchema = z.object({
  data: z.object({
    connections: z.array(z.object({ name: z.string().default(''), subscriptions: z.number() })),
  }),
});

async function countSubscriptions(watcher: NatsConnection): Promise<number> {
  const reply = await watcher.request('$SYS.REQ.SERVER.PING.CONNZ', '{}', { timeout: 5000 });
  const { connections } = connectionsSchema.parse(reply.json()).data;
  return connections
    .filter(({ name }) => name.startsWith('nex'))
    .reduce((sum, { subscriptions }) => sum + subscriptions, 0);
}
