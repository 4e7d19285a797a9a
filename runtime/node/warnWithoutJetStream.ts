import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { describeError } from '../protocol/nexError.ts';
import { explainNats } from '../protocol/natsFailures.ts';

/** A node that has joined such a NATS answers, and can run nothing: artifacts are fetched from JetStream. */
export async function warnWithoutJetStream(
  connection: NatsConnection,
  tell: (text: string) => void,
): Promise<void> {
  try {
    await jetstreamManager(connection);
  } catch (error) {
    tell(`Nothing can be deployed here. ${describeError(explainNats(error))}`);
  }
}
