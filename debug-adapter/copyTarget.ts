import type { NatsConnection } from '@nats-io/transport-node';
import { openNats } from '../runtime/client/connectNats.ts';
import { deployCopy, type CopyOptions } from '../runtime/client/copies/deployCopy.ts';
import { watchOriginal } from '../runtime/client/copies/watchOriginal.ts';
import type { NatsOptions } from '../runtime/protocol/natsOptions.ts';
import { NexError } from '../runtime/protocol/nexError.ts';
import { parseCopyArguments, type CopyArguments } from './copyArguments.ts';
import { DeployedWorkload } from './deployedWorkload.ts';
import { workloadOptions } from './launchArguments.ts';
import { NodeAccess } from './nodeAccess.ts';
import type { DebugTarget, InspectorAddress, TargetReport } from './target.ts';

/** Debugs what a workload runs elsewhere: a copy on the user's own node gets the same messages and answers none. */
export async function copyTarget(args: unknown, report: TargetReport): Promise<DebugTarget> {
  const copy = parseCopyArguments(args);
  const { connection, nats } = await openNats({ ...copy, name: 'nex-devrun copy' });
  const place = { connection, nats };
  let access: NodeAccess | undefined;
  try {
    access = await NodeAccess.openLocal(copy, report);
    return await CopyTarget.deploy(copy, place, access, report);
  } catch (error) {
    await access?.[Symbol.asyncDispose]();
    await connection.close();
    throw error;
  }
}

/** The NATS that the original is on. */
interface Place {
  readonly connection: NatsConnection;
  readonly nats: NatsOptions;
}

interface Deployed {
  readonly workload: DeployedWorkload;
  readonly name: string;
  /** No longer tells what becomes of the original. */
  readonly unwatch: () => void;
}

class CopyTarget implements DebugTarget {
  #copy: CopyArguments;
  readonly #place: Place;
  readonly #access: NodeAccess;
  readonly #report: TargetReport;
  #deployed: Deployed;

  static async deploy(
    ...[copy, place, access, report]: Parameters<typeof deploy>
  ): Promise<CopyTarget> {
    const deployed = await deploy(copy, place, access, report);
    return new CopyTarget(copy, place, access, report, deployed);
  }

  private constructor(
    copy: CopyArguments,
    place: Place,
    access: NodeAccess,
    report: TargetReport,
    deployed: Deployed,
  ) {
    this.#copy = copy;
    this.#place = place;
    this.#access = access;
    this.#report = report;
    this.#deployed = deployed;
  }

  get name(): string {
    return this.#deployed.name;
  }

  get stopOnEntry(): boolean {
    return this.#copy.stopOnEntry;
  }

  locate(): Promise<InspectorAddress> {
    return this.#deployed.workload.locate();
  }

  /** What the original runs by now. */
  async redeploy(args: unknown): Promise<void> {
    if (args !== undefined) this.#copy = parseCopyArguments(args);
    const before = this.#deployed;
    this.#deployed = await deploy(this.#copy, this.#place, this.#access, this.#report);
    await end(before);
  }

  /** Only its own clients send a copy messages. */
  deliver(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return end(this.#deployed);
  }

  /** A copy without its session would take messages for nobody. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await end(this.#deployed);
    } finally {
      await this.#place.connection.close();
      await this.#access[Symbol.asyncDispose]();
    }
  }
}

async function deploy(
  copy: CopyArguments,
  place: Place,
  access: NodeAccess,
  report: TargetReport,
): Promise<Deployed> {
  const { workload, node, namespace = copy.namespace } = copy.copyOf;
  const options: CopyOptions = {
    reference: { workload, node, namespace },
    original: place,
    local: access.connection,
    keys: access.keys,
    triggerSubjects: copy.subject,
    hostServices: copy.hostServices,
    program: copy.program,
    env: copy.env,
    extension: { waitForDebugger: true, options: workloadOptions(copy) },
  };
  const { original, copy: made, triggerSubjects, isSame } = await deployCopy(options);
  report.print(
    `Copy of ${original.name} on node ${original.nodeId}: it gets what comes on ${triggerSubjects.join(', ')}, ` +
      `answers nothing, ${effects[copy.hostServices]}.\n`,
  );
  if (!isSame) report.print(`${copy.program} is not what ${original.name} runs.\n`, 'stderr');
  const unwatch = watchOriginal(place.connection, original, (text) => report.print(`${text}\n`));
  await access.hold(made.nodeId, report);
  const { nodeId, workloadId, name } = made;
  const deployed = new DeployedWorkload(access, nodeId, workloadId, original.namespace);
  return { workload: deployed, name, unwatch };
}

const effects = {
  readonly: 'and writes nothing to NATS',
  live: 'but its host services are live: what it writes and sends is real',
};

/** The copy, or the node with it. */
const goneCodes = ['no-such-workload', 'no-dev-api'];

/** Idempotent: one that is gone has ended. */
async function end({ workload, unwatch }: Deployed): Promise<void> {
  unwatch();
  try {
    await workload.stop();
  } catch (error) {
    const isGone = error instanceof NexError && goneCodes.includes(error.code);
    if (!isGone) throw error;
  }
}
