import { errors } from '@nats-io/transport-node';

/** Nobody subscribes to the subject that was asked; JetStream's client says it in the cause of its own error. */
export const isNoResponders = (error: unknown): boolean =>
  error instanceof errors.NoRespondersError ||
  (error instanceof errors.RequestError && error.isNoResponders()) ||
  (error instanceof Error && isNoResponders(error.cause));

export const isTimeout = (error: unknown): boolean => error instanceof errors.TimeoutError;
