import type { NatsConnection } from '@nats-io/transport-node';
import type { Command } from 'commander';
import type { WorkloadAddress } from '../client/controlClient.ts';
import { onNode } from '../client/onNode.ts';
import { NexError } from '../protocol/nexError.ts';
import { findWorkload } from './findWorkload.ts';
import { readIssuer } from './keyFiles.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printJson } from './output.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface StopOptions extends VerbOptions {
  namespace: string;
  issuer?: string;
}

export function createStopCommand(): Command {
  const example =
    'nexdev stop echojs\nnexdev stop <node id> <workload id> --issuer ~/.nex/issuer.nk';
  return createVerb('stop', 'Stop a workload', example)
    .argument('<workload...>', 'name or id of the workload; a node id may stand before it')
    .addOption(namespaceOption())
    .option(
      '--issuer <file>',
      'seed of the account key that deployed it (default: ~/.nex/issuer.nk)',
    )
    .action(stop);
}

async function stop(references: string[], options: StopOptions): Promise<void> {
  const [first = '', second, ...rest] = references;
  if (rest.length > 0 || (second !== undefined && !isNodeId(first))) {
    throw new NexError('too-many-arguments', 'stop takes one workload.', {
      remedy: 'Run it once for each.',
    });
  }
  const issuer = await readIssuer(options.issuer);
  await withConnection(options, async (connection) => {
    const address = await findAddress(connection, first, second, options.namespace);
    const { nodeId, workloadId } = address;
    const reply = await onNode(connection, nodeId, (control) => control.stop(address, issuer));
    if (options.json) printJson(reply);
    else print(`✅ Workload '${workloadId}' stopped.`);
  });
}

/** Where both ids are given nothing has to be looked up. */
async function findAddress(
  connection: NatsConnection,
  first: string,
  second: string | undefined,
  namespace: string,
): Promise<WorkloadAddress> {
  if (second !== undefined && isWorkloadId(second)) {
    return { nodeId: first, namespace, workloadId: second };
  }
  const nodeId = second === undefined ? undefined : first;
  const found = await findWorkload(connection, second ?? first, { namespace, nodeId });
  return { nodeId: found.nodeId, namespace, workloadId: found.machine.id };
}

const isWorkloadId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const isNodeId = (text: string) => /^N[A-Z2-7]{55}$/.test(text);
