import type { NatsConnection } from '@nats-io/transport-node';
import { Option, type Command } from 'commander';
import type { Artifact } from '../artifact/artifact.ts';
import { buildArtifact } from '../artifact/buildArtifact.ts';
import { watchArtifact } from '../artifact/watchArtifact.ts';
import { connectNats } from '../client/connectNats.ts';
import { requireNode } from '../client/chooseNode.ts';
import { checkSubjects, devrun, type DevrunOptions, type DevrunResult } from '../client/devrun.ts';
import { readKeys } from '../client/keys.ts';
import { onNode } from '../client/onNode.ts';
import { reportConnection } from '../client/reportConnection.ts';
import type { PingResponse } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';
import { workloadTypes, type WorkloadType } from '../protocol/workloadTypes.ts';
import { printAccepted, printKeys } from './accept.ts';
import { followLogs } from './followLogs.ts';
import {
  hostServicesOptions,
  toHostServices,
  type HostServicesFlags,
} from './hostServicesOptions.ts';
import { aborted, interruptSignal } from './interrupt.ts';
import { limitOptions, toLimits, type LimitFlags } from './limitOptions.ts';
import { modeOptions, toOptions, type ModeFlags } from './modeOptions.ts';
import { namespaceOption } from './namespaceOption.ts';
import { print, printError, printNotice } from './output.ts';
import { collect, parseBytes, parseEnvironment, parseToken } from './parseArguments.ts';
import { runNode, type NodeFlags } from './runNode.ts';
import { addNodeOptions } from './up.ts';
import { createVerb, isExplicit } from './verb.ts';
import { findWithoutEffect } from './withoutEffect.ts';

interface DevrunFlags extends NodeFlags, LimitFlags, ModeFlags, HostServicesFlags {
  trigger_subject?: string[];
  type?: WorkloadType;
  argv?: string;
  essential?: true;
  watch?: true;
  node?: string;
  stop: boolean;
  bucketmaxbytes?: number;
  namespace: string;
}

/** What is deployed, wherever to. */
type Deployment = Omit<DevrunOptions, 'connection'> & { artifact: Artifact };

export function createDevrunCommand(): Command {
  const example =
    'nexdev devrun echo.js --trigger_subject=echo\n' +
    'nexdev devrun telemetry.js --trigger_subject=iot.* --watch --timeout 10s\n' +
    'nexdev devrun ./echo GREETING=hello --argv "-v 2"';
  const verb = createVerb(
    'devrun',
    'Run a file as a Nex function or service; without a running node (or with --port or --store-dir) this becomes one, until Ctrl-C',
    example,
  )
    .argument(
      '<file>',
      'function (JavaScript, TypeScript, WebAssembly) or service (any executable)',
    )
    .argument(
      '[environment...]',
      'environment variables of a service or a WebAssembly function, KEY=VALUE',
    )
    .option('--trigger_subject <subject>', 'subject that triggers it; repeatable', collect)
    .addOption(
      new Option('--type <type>', 'type of the workload (inferred from the file)').choices(
        workloadTypes,
      ),
    )
    .option('--argv <arguments>', 'arguments of a service, separated by spaces')
    .option('--essential', 'start a service again when it ends with another exit code than 0')
    .option('--watch', 'deploy again at each save and show the logs, until Ctrl-C')
    .addOption(
      new Option(
        '--node <id>',
        'node to deploy to (default: a local one, else one that bids)',
      ).argParser(parseToken('A node id')),
    )
    .option('--no-stop', 'let a workload of the same name go on beside this one')
    .option(
      '--bucketmaxbytes <size>',
      'size of the bucket for artifacts, where it is made (default: 100MB)',
      parseBytes,
    )
    .addOption(namespaceOption());
  [...limitOptions(), ...modeOptions(), ...hostServicesOptions()].forEach((option) =>
    verb.addOption(option),
  );
  return addNodeOptions(verb.alias('yeet')).action(devrunFile);
}

async function devrunFile(file: string, pairs: string[], flags: DevrunFlags): Promise<void> {
  // All that can be wrong with it is said before a node is started for it.
  const env = parseEnvironment(pairs);
  const triggerSubjects = flags.trigger_subject ?? [];
  const artifact = await buildArtifact(file, flags);
  checkSubjects(artifact.type, { triggerSubjects });
  for (const text of findWithoutEffect(artifact.type, { ...flags, env })) {
    printNotice(`Warning: ${text}`);
  }
  const keys = await readKeys();
  const { limits } = toLimits(flags);
  const deployment: Deployment = {
    keys,
    file,
    artifact,
    env,
    namespace: flags.namespace,
    triggerSubjects,
    argv: flags.argv === undefined ? [] : flags.argv.split(' '),
    essential: flags.essential === true,
    type: flags.type,
    hostServices: toHostServices(flags),
    bucketMaxBytes: flags.bucketmaxbytes,
    extension: {
      ...(limits === undefined ? {} : { limits }),
      options: toOptions(flags),
      replace: flags.stop,
    },
    onMessage: (text) => (flags.json ? printNotice(text) : print(text)),
  };
  if (!flags.json) printKeys(keys);
  const wantsOwn = flags.port !== undefined || flags.storeDir !== undefined;
  refuseConflicts(flags, wantsOwn);
  if (wantsOwn || !(await runOnExistingNode(deployment, flags))) {
    await runOnOwnNode(deployment, flags);
  }
}

/** False where there is no node, unless somebody said where it should be. */
async function runOnExistingNode(deployment: Deployment, flags: DevrunFlags): Promise<boolean> {
  let connection: NatsConnection | undefined;
  try {
    connection = await connectNats({ ...flags, name: 'nexdev' });
    const signal = flags.watch ? interruptSignal() : undefined;
    const node = await requestedNode(connection, deployment, flags);
    const result = await devrun({ ...deployment, connection, node });
    printAccepted(result, flags.json === true);
    const watched = { ...deployment, node };
    if (signal !== undefined) await stayAndWatch(connection, watched, result, flags, signal);
    return true;
  } catch (error) {
    if (isExplicit(flags) || flags.node !== undefined || !isNobodyThere(error)) throw error;
    return false;
  } finally {
    await connection?.close();
  }
}

/** The node that was asked for by its id. */
async function requestedNode(
  connection: NatsConnection,
  { artifact }: Deployment,
  { node }: DevrunFlags,
): Promise<PingResponse | undefined> {
  return node === undefined
    ? undefined
    : onNode(connection, node, (control) => requireNode(control, artifact, node));
}

function refuseConflicts({ node, watch, stop }: DevrunFlags, wantsOwn: boolean): void {
  if (node !== undefined && wantsOwn) {
    throw new NexError(
      'conflicting-flags',
      '--port and --store-dir are for a node that we start.',
      {
        remedy: 'Leave them out to deploy to the node that is named.',
      },
    );
  }
  if (watch === true && !stop) {
    throw new NexError('conflicting-flags', '--watch puts each version in the place of the last.', {
      remedy: 'Leave out --watch or --no-stop.',
    });
  }
}

const isNobodyThere = (error: unknown) =>
  error instanceof NexError && ['nats-unreachable', 'no-node'].includes(error.code);

async function stayAndWatch(
  connection: NatsConnection,
  deployment: Deployment,
  { name }: DevrunResult,
  flags: DevrunFlags,
  signal: AbortSignal,
): Promise<void> {
  const json = flags.json === true;
  if (!json) void reportConnection(connection, printNotice);
  const isWanted = async (...[line, printer]: Parameters<IsWanted>) =>
    (await printer.nameOf(line)) === name;
  await Promise.all([
    followLogs(connection, { json, level: 'INFO', isWanted }, signal),
    redeployOnSave(connection, deployment, json, signal),
  ]);
  if (!json)
    print(`No longer watching; ${name} goes on answering. End it with: nexdev stop ${name}`);
}

type IsWanted = NonNullable<Parameters<typeof followLogs>[1]['isWanted']>;

async function runOnOwnNode(deployment: Deployment, flags: DevrunFlags): Promise<void> {
  const json = flags.json === true;
  const signal = interruptSignal();
  const say = (text: string) => (json ? undefined : printNotice(text));
  const run = await runNode(flags, 'terminal', { onProgress: say, onNotice: say, signal });
  try {
    const { url, nodeId } = run.node;
    if (!json) print(`No node ran: this is one now, ${nodeId} on ${url}. Ctrl-C ends it.`);
    const connection = await connectNats({ server: url, name: 'nexdev' });
    try {
      await deployAndStay(
        connection,
        deployment,
        flags,
        Promise.race([aborted(signal), run.ended]),
      );
    } finally {
      await connection.close();
    }
  } finally {
    await run.stop();
  }
}

/** Deploys and shows logs, and with `--watch` redeploys, until `end`. */
async function deployAndStay(
  connection: NatsConnection,
  deployment: Deployment,
  flags: DevrunFlags,
  end: Promise<unknown>,
): Promise<void> {
  const json = flags.json === true;
  const over = new AbortController();
  // Before the deploy, whose own lines are part of the story.
  const following = followLogs(connection, { json, level: 'INFO' }, over.signal);
  try {
    printAccepted(await devrun({ ...deployment, connection }), json);
    const watching = flags.watch
      ? redeployOnSave(connection, deployment, json, over.signal)
      : following;
    await Promise.race([end, Promise.all([following, watching])]);
  } finally {
    over.abort();
    await following;
  }
}

/** A save that does not build, or that the node refuses, leaves the version that runs; that is said once. */
async function redeployOnSave(
  connection: NatsConnection,
  deployment: Deployment,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { file, artifact: built } = deployment;
  const extension = { ...deployment.extension, reload: true };
  let isOutdated = false;
  for await (const { artifact, error } of watchArtifact(file, signal, built, deployment)) {
    try {
      if (artifact === undefined) throw error;
      printAccepted(await devrun({ ...deployment, extension, connection, artifact }), json);
      if (isOutdated && !json) printNotice(`${built.name} is up to date again.`);
      isOutdated = false;
    } catch (fault) {
      printError(fault, json);
      if (!isOutdated && !json) printNotice(`${built.name} goes on answering as it was before.`);
      isOutdated = true;
    }
  }
}
