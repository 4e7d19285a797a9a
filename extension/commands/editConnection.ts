import { askConnection } from '../connections/askConnection.ts';
import { chooseConnection } from '../connections/chooseConnection.ts';
import { showConnectionReport } from '../connections/connectionReport.ts';
import { ownConnectionId } from '../connections/connections.ts';
import type { Services } from '../services.ts';

/** Changes a connection that was added, and connects with what is new. */
export async function editConnection(services: Services, item?: unknown): Promise<void> {
  const { connections } = services;
  const isOwn = ({ kind }: { kind: string }) => kind === 'own';
  const chosen = await chooseConnection(services, item, 'Connection to edit', isOwn);
  if (chosen === undefined) return;
  const before = connections.own.list().find((one) => ownConnectionId(one) === chosen.id);
  const answer = before && (await askConnection(before));
  if (answer === undefined) return;
  // The password alone may be new, which the list does not show.
  await chosen.disconnect();
  await connections.own.save(answer.connection, answer.secret);
  await connections.refresh();
  const connection = connections.require(chosen.id);
  await connection.connect();
  void showConnectionReport(connection);
}
