import { chooseConnection, isRemote } from '../connections/chooseConnection.ts';
import { showConnectionReport } from '../connections/connectionReport.ts';
import type { Services } from '../services.ts';

/** Connects, says what is there, and leaves the connection as it was. Resolves with what was said. */
export async function testConnection(
  services: Services,
  item?: unknown,
): Promise<string | undefined> {
  const connection = await chooseConnection(services, item, 'Connection to test', isRemote);
  if (connection === undefined) return undefined;
  const wasConnected = connection.state.kind === 'connected';
  await connection.connect();
  try {
    return await showConnectionReport(connection);
  } finally {
    if (!wasConnected) await connection.disconnect();
  }
}
