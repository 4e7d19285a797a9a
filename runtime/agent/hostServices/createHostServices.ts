import type { NatsConnection } from '@nats-io/transport-node';
import type { LogLevel } from '../../protocol/logs.ts';
import type { FunctionWorkload } from '../../protocol/agentPipe.ts';
import type { HostResult } from '../guest/host.ts';
import { Allowance } from './allowance.ts';
import { HostServiceError, type HostService } from './hostService.ts';
import { createHttpService } from './http.ts';
import { createKvService } from './kv.ts';
import { openKvBuckets } from './kvBuckets.ts';
import { LimitedServices } from './limited.ts';
import { createMessagingService } from './messaging.ts';
import { openObjectBuckets } from './objectBuckets.ts';
import { createObjectStoreService } from './objectStore.ts';

export type HostServices = (
  service: string,
  method: string,
  args: unknown[],
  remainingMs: number,
) => Promise<HostResult>;

/** The host services of one workload, on its own NATS connection. */
export function createHostServices(
  connection: NatsConnection,
  { mode, allow }: Pick<FunctionWorkload, 'mode' | 'allow'>,
  log: (level: LogLevel, text: string) => void,
): HostServices {
  const allowance = new Allowance(allow);
  const limited = new LimitedServices(allowance, mode, log);
  const kv = openKvBuckets(connection, (name) => allowance.mayWrite('kv', name));
  const objects = openObjectBuckets(connection, (name) => allowance.mayWrite('objectStore', name));
  const services = new Map<string, HostService>([
    ['kv', limited.buckets('kv', createKvService(kv))],
    ['objectStore', limited.buckets('objectStore', createObjectStoreService(objects))],
    ['http', createHttpService(mode, log, limited.checkHost)],
    ['messaging', limited.subjects(createMessagingService(connection, mode, log))],
  ]);
  return async (service, method, args, remainingMs) => {
    const run = services.get(service);
    if (run === undefined) throw new HostServiceError(`No such host service: ${service}`, 404);
    try {
      return await run({ method, args, remainingMs });
    } catch (error) {
      if (error instanceof HostServiceError && error.detail !== undefined) {
        log('DEBUG', `${service}.${method}: ${error.detail}`);
      }
      throw error;
    }
  };
}
