import { Svcm } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import { devService } from '../protocol/devApi.ts';

/** An endpoint of a NATS micro service that answers now. */
export interface AnsweringService {
  readonly name: string;
  readonly subject: string;
}

export type ServiceProbe = () => Promise<AnsweringService[]>;

/** How long in ms a deploy waits for services to say who they are; they answer within a few. */
const probeMs = 100;

/** Asks every NATS micro service which subjects it answers. */
export function createServiceProbe(connection: NatsConnection): ServiceProbe {
  const client = new Svcm(connection).client({ strategy: 'timer', maxWait: probeMs });
  return async () => {
    try {
      const services = await Array.fromAsync(await client.info());
      return services
        .filter(({ name }) => name !== devService.name)
        .flatMap(({ name, endpoints }) => endpoints.map(({ subject }) => ({ name, subject })));
    } catch {
      // No service at all is answered by the server with `no responders`.
      return [];
    }
  };
}
