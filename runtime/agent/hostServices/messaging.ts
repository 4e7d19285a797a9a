import type { NatsConnection } from '@nats-io/transport-node';
import {
  HostServiceError,
  bytesArgument,
  bytesResult,
  nameArgument,
  nothing,
  withinLimit,
  type HostService,
} from './hostService.ts';

/** `messaging.*`: Nex's `host-services/builtins/messaging.go`. A request may take what the invocation has left. */
export function createMessagingService(connection: NatsConnection): HostService {
  return async (call) => {
    const subject = nameArgument(call, 0);
    const payload = bytesArgument(call, 1);
    switch (call.method) {
      case 'publish':
        if (subject === '') throw new HostServiceError('subject is required', 500);
        await withinLimit(call.remainingMs, 'failed to publish message', () => {
          connection.publish(subject, payload);
          return Promise.resolve();
        });
        return nothing;
      case 'request': {
        if (subject === '') throw new HostServiceError('subject is required', 400);
        const timeout = Math.max(1, Math.floor(call.remainingMs));
        const reply = await withinLimit(timeout, 'failed to send request', () =>
          connection.request(subject, payload, { timeout }),
        );
        return bytesResult(copyOf(reply.data));
      }
      default:
        throw new HostServiceError(`No such method: messaging.${call.method}`, 404);
    }
  };
}

/** The client's data is a view of its receive buffer. */
const copyOf = (data: Uint8Array) => Uint8Array.prototype.slice.call(data);
