import type { NatsConnection } from '@nats-io/transport-node';
import { jetStreamManager } from '../protocol/jetStream.ts';
import { describeError } from '../protocol/nexError.ts';
import { explainNats } from '../protocol/natsFailures.ts';

/** A node that has joined such a NATS answers, and can run nothing: artifacts are fetched from JetStream. */
export async function warnWithoutJetStream(
  connection: NatsConnection,
  tell: (text: string) => void,
): Promise<void> {
  try {
    const manager = await jetStreamManager(connection);
    await manager.getAccountInfo();
  } catch (error) {
    tell(`Nothing can be deployed here. ${describeError(explainNats(error))}`);
  }
}
