import { errors } from '@nats-io/transport-node';

/** Nobody subscribes to the subject that was asked. */
export const isNoResponders = (error: unknown): boolean =>
  error instanceof errors.NoRespondersError ||
  (error instanceof errors.RequestError && error.isNoResponders());

export const isTimeout = (error: unknown): boolean => error instanceof errors.TimeoutError;
