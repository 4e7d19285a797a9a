import { chooseConnection, isRemote } from '../connections/chooseConnection.ts';
import type { Services } from '../services.ts';

/** Ends a connection to a NATS of others, or the attempt at one. */
export async function disconnect(services: Services, item?: unknown): Promise<void> {
  const connection = await chooseConnection(
    services,
    item,
    'Connection to close',
    (one) => isRemote(one) && one.state.kind !== 'disconnected',
  );
  await connection?.disconnect();
}
