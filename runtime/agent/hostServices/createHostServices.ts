import type { NatsConnection } from '@nats-io/transport-node';
import type { LogLevel } from '../../protocol/logs.ts';
import type { FunctionWorkload } from '../../protocol/agentPipe.ts';
import type { HostResult } from '../guest/host.ts';
import { Allowance, type BucketService } from './allowance.ts';
import { HostServiceError, type HostService } from './hostService.ts';
import { createHttpService } from './http.ts';
import { createKvService } from './kv.ts';
import { openKvBuckets } from './kvBuckets.ts';
import { LimitedServices } from './limited.ts';
import { createMessagingService } from './messaging.ts';
import { openObjectBuckets } from './objectBuckets.ts';
import { createObjectStoreService } from './objectStore.ts';
import { ReadOnlyServices } from './readOnly/readOnlyServices.ts';

export type HostServices = (
  service: string,
  method: string,
  args: unknown[],
  invocation: { readonly number: number | undefined; readonly remainingMs: number },
) => Promise<HostResult>;

/** The host services of one workload, on its own NATS connection. */
export function createHostServices(
  connection: NatsConnection,
  { mode, allow, copy }: Pick<FunctionWorkload, 'mode' | 'allow' | 'copy'>,
  log: (level: LogLevel, text: string) => void,
): HostServices {
  const allowance = new Allowance(allow);
  const limited = new LimitedServices(allowance, mode, log);
  const readOnly = copy?.hostServices === 'readonly' ? new ReadOnlyServices(log) : undefined;
  const mayWrite = (service: BucketService) => (name: string) =>
    readOnly === undefined && allowance.mayWrite(service, name);
  const kv = openKvBuckets(connection, mayWrite('kv'));
  const objects = openObjectBuckets(connection, mayWrite('objectStore'));
  const http = createHttpService(mode, log, limited.checkHost);
  const messaging = createMessagingService(connection, mode, log);
  const services = new Map<string, HostService>([
    ['kv', limited.buckets('kv', createKvService(readOnly?.kv(kv) ?? kv))],
    [
      'objectStore',
      limited.buckets(
        'objectStore',
        createObjectStoreService(readOnly?.objects(objects) ?? objects),
      ),
    ],
    ['http', readOnly?.http(http) ?? http],
    ['messaging', limited.subjects(readOnly?.messaging(messaging) ?? messaging)],
  ]);
  return async (service, method, args, { number, remainingMs }) => {
    readOnly?.enter(number);
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
