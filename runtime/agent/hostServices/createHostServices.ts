import type { NatsConnection } from '@nats-io/transport-node';
import type { LogLevel } from '../../protocol/logs.ts';
import type { Mode } from '../../protocol/workloadTypes.ts';
import type { HostResult } from '../guest/host.ts';
import { HostServiceError, type HostService } from './hostService.ts';
import { createHttpService } from './http.ts';
import { createKvService } from './kv.ts';
import { createMessagingService } from './messaging.ts';
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
  mode: Mode,
  log: (level: LogLevel, text: string) => void,
): HostServices {
  const services = new Map<string, HostService>([
    ['kv', createKvService(connection)],
    ['objectStore', createObjectStoreService(connection)],
    ['http', createHttpService(mode, log)],
    ['messaging', createMessagingService(connection, mode, log)],
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
