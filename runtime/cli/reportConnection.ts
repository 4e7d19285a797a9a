import type { NatsConnection } from '@nats-io/transport-node';
import { printNotice } from './output.ts';

/** Says when NATS goes and comes back, until the connection is closed: a verb that follows is silent for both reasons. */
export async function reportConnection(connection: NatsConnection): Promise<void> {
  const server = connection.getServer();
  let isGone = false;
  for await (const { type } of connection.status()) {
    if (type === 'disconnect' && !isGone) {
      isGone = true;
      printNotice(
        `NATS at ${server} has gone. Waiting for it to come back there; Ctrl-C ends this.`,
      );
    } else if (type === 'reconnect') {
      isGone = false;
      printNotice(`NATS at ${server} is back.`);
    }
  }
}
