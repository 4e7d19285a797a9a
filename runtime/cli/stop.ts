import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { ControlClient } from '../client/controlClient.ts';
import { readKeys } from '../client/keys.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { SigningKey } from '../protocol/signingKey.ts';
import { findWorkload } from './findWorkload.ts';
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
    const { nodeId, namespace, machine } = await findWorkload(connection, second ?? first, {
      namespace: options.namespace,
      nodeId: second === undefined ? undefined : first,
    });
    const address = { nodeId, namespace, workloadId: machine.id };
    const reply = await new ControlClient(connection).stop(address, issuer);
    if (options.json) printJson(reply);
    else print(`✅ Workload '${machine.id}' stopped.`);
  });
}

const isNodeId = (text: string) => /^N[A-Z2-7]{55}$/.test(text);

async function readIssuer(file: string | undefined): Promise<SigningKey> {
  if (file === undefined) return (await readKeys()).issuer;
  try {
    return new SigningKey((await readFile(file, 'utf8')).trim());
  } catch (cause) {
    throw new NexError('key-unreadable', `${file} is not a key seed: ${errorText(cause)}`, {
      remedy: 'Give the file with the SA… seed of the account that deployed the workload.',
      cause,
    });
  }
}
