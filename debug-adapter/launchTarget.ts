import { devrun } from '../runtime/client/devrun.ts';
import { NexError } from '../runtime/protocol/nexError.ts';
import { errorHeader } from '../runtime/protocol/serviceErrors.ts';
import { warningText } from '../runtime/protocol/warnings.ts';
import { DeployedWorkload } from './deployedWorkload.ts';
import { parseLaunchArguments, workloadOptions, type LaunchArguments } from './launchArguments.ts';
import { NodeAccess } from './nodeAccess.ts';
import type { DebugTarget, InspectorAddress, TargetReport } from './target.ts';

/** A reply may take as long as somebody looks at the invocation, in ms. */
const replyMs = 7 * 24 * 3_600_000;

/** Deploys a file with the debugger on; a message given with it is sent, or replayed, once breakpoints are set. */
export async function launchTarget(args: unknown, report: TargetReport): Promise<DebugTarget> {
  const launch = parseLaunchArguments(args);
  const access = await NodeAccess.open(launch, report, { start: true });
  try {
    const deployed = await deploy(launch, access, report);
    return new LaunchTarget(launch, deployed, report);
  } catch (error) {
    await access[Symbol.asyncDispose]();
    throw error;
  }
}

async function deploy(
  launch: LaunchArguments,
  access: NodeAccess,
  report: TargetReport,
): Promise<DeployedWorkload> {
  const { program, subject, env, namespace, replay } = launch;
  const { nodeId, name, warnings } = await devrun({
    connection: access.connection,
    keys: access.keys,
    file: program,
    namespace,
    triggerSubjects: subject,
    env,
    extension: {
      waitForDebugger: true,
      options: workloadOptions(launch),
      ...(replay !== undefined && subject.length === 0 ? { replayOnly: true } : {}),
    },
    onMessage: (text) => report.print(`${text}\n`),
  });
  for (const warning of warnings) report.print(`${warningText(warning)}\n`);
  await access.hold(nodeId, report);
  return new DeployedWorkload(access, nodeId, name, namespace);
}

class LaunchTarget implements DebugTarget {
  #launch: LaunchArguments;
  readonly #report: TargetReport;
  #deployed: DeployedWorkload;

  constructor(launch: LaunchArguments, deployed: DeployedWorkload, report: TargetReport) {
    this.#launch = launch;
    this.#deployed = deployed;
    this.#report = report;
  }

  get name(): string {
    return this.#deployed.workload;
  }

  get stopOnEntry(): boolean {
    return this.#launch.stopOnEntry;
  }

  locate(): Promise<InspectorAddress> {
    return this.#deployed.locate();
  }

  async redeploy(args: unknown): Promise<void> {
    if (args !== undefined) this.#launch = parseLaunchArguments(args);
    this.#deployed = await deploy(this.#launch, this.#deployed.access, this.#report);
  }

  async deliver(): Promise<void> {
    if (this.#launch.replay !== undefined) await this.#replay(this.#launch.replay);
    else if (this.#launch.payload !== undefined) await this.#send(this.#launch.payload);
  }

  stop(): Promise<void> {
    return this.#deployed.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#deployed.access[Symbol.asyncDispose]();
  }

  async #send(payload: unknown): Promise<void> {
    const subject = this.#launch.subject.find((one) => !/[*>]/.test(one));
    if (subject === undefined) {
      throw new NexError('no-concrete-subject', 'The payload has no subject to be sent to.', {
        remedy: 'Name a subject without wildcards first, or send the message yourself.',
      });
    }
    const data = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const { connection } = this.#deployed.access;
    const reply = await connection.request(subject, data, { timeout: replyMs });
    const failure = reply.headers?.get(errorHeader);
    const failed = failure !== undefined && failure !== '';
    this.#report.print(
      failed ? `${subject} failed: ${failure}\n` : `${subject} replied: ${reply.string()}\n`,
      failed ? 'stderr' : 'stdout',
    );
  }

  async #replay({ stream, seq }: { stream: string; seq: number }): Promise<void> {
    const { access, nodeId, workload, namespace } = this.#deployed;
    const request = { workload, namespace, stream, seq };
    const { subject, outcome } = await access.dev(nodeId).replay(request, this.#report.signal);
    const what = `Replay of ${stream} ${seq} (${subject})`;
    if (outcome.kind === 'returned')
      this.#report.print(`${what} returned: ${outcome.text}\n`, 'stdout');
    else this.#report.print(`${what} failed: ${outcome.stack ?? outcome.text}\n`, 'stderr');
  }
}
