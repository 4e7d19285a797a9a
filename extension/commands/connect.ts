import { chooseConnection, isRemote } from '../connections/chooseConnection.ts';
import type { Services } from '../services.ts';

/** Connects to a NATS of others. Resolves with whether it is connected. */
export async function connect(services: Services, item?: unknown): Promise<boolean> {
  const connection = await chooseConnection(
    services,
    item,
    'Connection to open',
    (one) => isRemote(one) && one.state.kind === 'disconnected',
  );
  if (connection === undefined) return false;
  await connection.connect();
  return true;
}
