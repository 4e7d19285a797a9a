import { existsSync } from 'node:fs';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Command } from 'commander';
import { buildArtifact } from '../artifact/buildArtifact.ts';
import { ControlClient } from '../client/controlClient.ts';
import { DevClient } from '../client/devClient.ts';
import { devrun } from '../client/devrun.ts';
import { readKeys, type Keys } from '../client/keys.ts';
import type { ReplayReply } from '../protocol/devApi.ts';
import { NexError } from '../protocol/nexError.ts';
import { confirmReplay } from './confirmReplay.ts';
import { findWorkload } from './findWorkload.ts';
import { interruptSignal } from './interrupt.ts';
import { limitOptions, toLimits, type LimitFlags } from './limitOptions.ts';
import { formatLogEntry } from './logPrinter.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printJson, printNotice, printWarnings } from './output.ts';
import { parseEnvironment, parseSequence } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface ReplayFlags extends VerbOptions, LimitFlags {
  stream: string;
  seq: number;
  yes?: true;
  namespace: string;
}

/** A workload to replay into. */
interface Target {
  workloadId: string;
  nodeId: string;
  name: string;
  /** Ends it where it was deployed for the replay alone. */
  release: () => Promise<void>;
}

export function createReplayCommand(): Command {
  const verb = createVerb(
    'replay',
    'Run one stored message through a function',
    'nexdev replay echo.js --stream ORDERS --seq 42',
  )
    .argument('<file or workload>', 'file of a function, or name or id of a workload that runs')
    .argument('[environment...]', 'environment variables for a file, KEY=VALUE')
    .requiredOption('--stream <name>', 'JetStream stream that holds the message')
    .requiredOption('--seq <number>', 'its sequence number', parseSequence)
    .option('-y, --yes', 'do not ask: host services are live')
    .addOption(namespaceOption());
  limitOptions().forEach((option) => verb.addOption(option));
  return verb.action(replay);
}

async function replay(reference: string, pairs: string[], flags: ReplayFlags): Promise<void> {
  const signal = interruptSignal();
  const keys = await readKeys();
  await withConnection(flags, async (connection) => {
    if (!flags.yes) await confirmReplay(signal);
    const target = isFile(reference)
      ? await deployForReplay(connection, keys, reference, pairs, flags)
      : await findRunning(connection, reference, flags);
    try {
      const client = new DevClient(connection, keys.issuer, target.nodeId);
      const { stream, seq, namespace } = flags;
      const request = { workload: target.workloadId, namespace, stream, seq };
      printReplay(await client.replay(request, signal), target, flags);
    } finally {
      await target.release();
    }
  });
}

const isFile = (reference: string) => /\.m?js$/i.test(reference) || existsSync(reference);

async function findRunning(
  connection: NatsConnection,
  reference: string,
  { namespace }: ReplayFlags,
): Promise<Target> {
  const options = { namespace, devrunOnly: true };
  const { nodeId, machine } = await findWorkload(connection, reference, options);
  const { name } = machine.workload;
  return { workloadId: machine.id, nodeId, name, release: () => Promise.resolve() };
}

/** Deploys without trigger subjects, so that nothing but the replay reaches it; never in place of what runs. */
async function deployForReplay(
  connection: NatsConnection,
  keys: Keys,
  file: string,
  pairs: string[],
  flags: ReplayFlags,
): Promise<Target> {
  const { namespace } = flags;
  const deployed = await devrun({
    connection,
    keys,
    file,
    namespace,
    artifact: await buildArtifact(file),
    env: parseEnvironment(pairs),
    triggerSubjects: [],
    extension: { replayOnly: true, replace: false, ...toLimits(flags) },
  });
  printWarnings(deployed.warnings);
  const { workloadId, nodeId, name } = deployed;
  const release = async () => {
    const address = { nodeId, namespace, workloadId };
    await new ControlClient(connection).stop(address, keys.issuer);
  };
  return { workloadId, nodeId, name, release };
}

function printReplay(
  reply: ReplayReply,
  { name }: Target,
  { stream, seq, json }: ReplayFlags,
): void {
  const { subject, outcome, elapsedMs, logs } = reply;
  if (json) printJson(reply);
  else {
    for (const entry of logs) printNotice(formatLogEntry(entry, name));
    print(`${stream} #${seq} (subject ${subject}) through ${name} in ${elapsedMs.toFixed(1)} ms:`);
  }
  if (outcome.kind === 'failed') {
    const stack = outcome.stack === undefined ? '' : `\n${outcome.stack}`;
    throw new NexError(
      'invocation-failed',
      `The function failed (${outcome.code}): ${outcome.text}${stack}`,
    );
  }
  if (!json) print(outcome.text);
}
