import type { NatsConnection } from '@nats-io/transport-node';
import { Argument, type Command } from 'commander';
import { ControlClient } from '../client/controlClient.ts';
import { ControlClientV04 } from '../client/controlClientV04.ts';
import { NexError } from '../protocol/nexError.ts';
import { findLocalNodes } from './findWorkload.ts';
import { formatNodeInfo, formatNodeInfoV04 } from './formatNodeInfo.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printJson } from './output.ts';
import { parseToken } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface NodeInfoOptions extends VerbOptions {
  namespace: string;
}

export function createNodeInfoCommand(): Command {
  const node = new Argument(
    '[node]',
    'id of the node (default: this machine’s own, or the only one)',
  );
  return createVerb('info', 'Show a node and its workloads', 'nexdev node info')
    .addArgument(node.argParser(parseToken('A node id')))
    .addOption(namespaceOption())
    .action(showNode);
}

async function showNode(reference: string | undefined, options: NodeInfoOptions): Promise<void> {
  await withConnection(options, async (connection) => {
    const id = reference ?? (await findDefaultNode(connection));
    try {
      const info = await new ControlClient(connection).info(options.namespace, id);
      if (options.json) printJson(info);
      else print(formatNodeInfo(id, info));
    } catch (error) {
      const isMissing = error instanceof NexError && error.code === 'node-not-found';
      if (!isMissing || !(await showNewerNode(connection, id, options))) throw error;
    }
  });
}

/** False where there is no node of Nex 0.4 of this id. */
async function showNewerNode(
  connection: NatsConnection,
  id: string,
  { namespace, json }: NodeInfoOptions,
): Promise<boolean> {
  const control = new ControlClientV04(connection);
  const info = await control.info(id);
  if (info === undefined) return false;
  const workloads = await control.workloads(namespace, info);
  if (json) printJson({ ...info, workloads });
  else print(formatNodeInfoV04(info, workloads));
  return true;
}

async function findDefaultNode(connection: NatsConnection): Promise<string> {
  const local = await findLocalNodes(connection);
  const ids = local.length > 0 ? local : await findAllNodes(connection);
  const [first, second] = ids;
  if (first === undefined) {
    throw new NexError('no-node', `No Nex node answers at ${connection.getServer()}.`, {
      remedy: 'Start one with `nexdev up`.',
    });
  }
  if (second === undefined) return first;
  throw new NexError('ambiguous-node', `${ids.length} nodes answer.`, {
    remedy: `Give the id: ${ids.join(' or ')}.`,
  });
}

async function findAllNodes(connection: NatsConnection): Promise<string[]> {
  const answers = await Promise.all([
    new ControlClient(connection).pingAll(),
    new ControlClientV04(connection).pingAll(),
  ]);
  return answers.flat().map(({ node_id }) => node_id);
}
