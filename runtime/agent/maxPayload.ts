import type { NatsConnection } from '@nats-io/transport-node';

/** Bytes that the server takes in one message. */
export const maxPayload = ({ info }: NatsConnection): number => info?.max_payload ?? serverDefault;

const serverDefault = 1_048_576;
