import type { NatsConnection } from '@nats-io/transport-node';
import * as vscode from 'vscode';
import { ControlClientV04 } from '../../runtime/client/controlClientV04.ts';
import { jetStreamManager } from '../../runtime/protocol/jetStream.ts';
import { explainNats } from '../../runtime/protocol/natsFailures.ts';
import { errorText } from '../../runtime/protocol/nexError.ts';
import type { ConnectedNats, Connection } from './connection.ts';

/** Shows what is at the other end of a connection. Resolves with the text. */
export async function showConnectionReport(connection: Connection): Promise<string> {
  const nats = await connection.connect();
  const text = `${connection.name} answers: ${(await describeNats(nats)).join(', ')}.`;
  void vscode.window.showInformationMessage(text);
  return text;
}

/** Server name, version, JetStream, nodes; what may not be asked says so. */
async function describeNats({ connection, control }: ConnectedNats): Promise<string[]> {
  const { server_name: name = '', version = '' } = connection.info ?? {};
  const newer = new ControlClientV04(connection);
  const [jetStream, nodes, newerNodes] = await Promise.all([
    describeJetStream(connection),
    countNodes('Nex 0.3', () => control.pingAll()),
    countNodes('Nex 0.4', () => newer.pingAll()),
  ]);
  return [`nats-server ${version} (${name})`, jetStream, nodes, newerNodes];
}

async function describeJetStream(connection: NatsConnection): Promise<string> {
  try {
    const { domain } = await (await jetStreamManager(connection)).getAccountInfo();
    return domain === undefined ? 'with JetStream' : `with JetStream of domain ${domain}`;
  } catch (error) {
    return `no JetStream (${errorText(explainNats(error))})`;
  }
}

async function countNodes(generation: string, ask: () => Promise<unknown[]>): Promise<string> {
  try {
    const { length } = await ask();
    return `${length} ${length === 1 ? 'node' : 'nodes'} of ${generation}`;
  } catch (error) {
    return `nodes of ${generation} cannot be asked (${errorText(explainNats(error))})`;
  }
}
