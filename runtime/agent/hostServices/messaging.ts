import type { NatsConnection } from '@nats-io/transport-node';
import type { LogLevel } from '../../protocol/logs.ts';
import type { Mode } from '../../protocol/workloadTypes.ts';
import {
  HostServiceError,
  bytesArgument,
  bytesResult,
  lateMs,
  nameArgument,
  nothing,
  withinLimit,
  withoutAnswer,
  type HostCall,
  type HostService,
} from './hostService.ts';

/** `messaging.*`: Nex's `host-services/builtins/messaging.go`. A request may take all that the invocation has left. */
export function createMessagingService(
  connection: NatsConnection,
  mode: Mode,
  log: (level: LogLevel, text: string) => void,
): HostService {
  const publish = async (call: HostCall, subject: string, payload: Uint8Array) => {
    if (subject === '') throw new HostServiceError('subject is required', 500);
    // The real node reports success, and nothing useful arrives.
    if (mode === 'strict' && isMalformed(subject)) return nothing;
    await withinLimit(call.remainingMs, 'failed to publish message', () => {
      connection.publish(subject, payload);
      return Promise.resolve();
    });
    return nothing;
  };

  const request = async (call: HostCall, subject: string, payload: Uint8Array) => {
    if (subject === '') throw new HostServiceError('subject is required', 400);
    // It breaks the connection of the real node, and no answer comes.
    if (mode === 'strict' && /\s/.test(subject)) return withoutAnswer(call);
    // The real node waits for days, so that the function runs into its limit.
    const timeout = Math.ceil(call.remainingMs + lateMs);
    const reply = await withinLimit(timeout, 'failed to send request', () =>
      connection.request(subject, payload, { timeout }),
    );
    return bytesResult(copyOf(reply.data));
  };

  return async (call) => {
    const subject = nameArgument(call, 0);
    const payload = bytesArgument(call, 1);
    switch (call.method) {
      case 'publish':
        if (mode === 'strict') {
          log('INFO', `attempting to publish msg via nats://${connection.getServer()}`);
        }
        return publish(call, subject, payload);
      case 'request':
        return request(call, subject, payload);
      default:
        throw new HostServiceError(`No such method: messaging.${call.method}`, 404);
    }
  };
}

const isMalformed = (subject: string) => /\s|^\.|\.\.|\.$/.test(subject);

/** The client's data is a view of its receive buffer. */
const copyOf = (data: Uint8Array) => Uint8Array.prototype.slice.call(data);
