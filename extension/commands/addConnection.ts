import { askConnection } from '../connections/askConnection.ts';
import { ownConnectionId } from '../connections/connections.ts';
import { showConnectionReport } from '../connections/connectionReport.ts';
import type { Services } from '../services.ts';

/** Adds a connection that the person describes, and connects. Resolves with its id. */
export async function addConnection({ connections }: Services): Promise<string | undefined> {
  const answer = await askConnection();
  if (answer === undefined) return undefined;
  await connections.own.save(answer.connection, answer.secret);
  await connections.refresh();
  const id = ownConnectionId(answer.connection);
  const connection = connections.require(id);
  await connection.connect();
  void showConnectionReport(connection);
  return id;
}
