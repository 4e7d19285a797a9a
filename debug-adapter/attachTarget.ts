import { DeployedWorkload } from './deployedWorkload.ts';
import { parseAttachArguments } from './launchArguments.ts';
import { NodeAccess } from './nodeAccess.ts';
import type { DebugTarget, TargetReport } from './target.ts';

/** Debugs a workload that runs already, named by its id or its name. */
export async function attachTarget(args: unknown, report: TargetReport): Promise<DebugTarget> {
  const attach = parseAttachArguments(args);
  const { workload, namespace } = attach;
  const access = await NodeAccess.open(attach, report, { start: false });
  try {
    const nodeId = await access.findWorkload(workload, namespace);
    await access.hold(nodeId, report);
    // By its name from now on: the id goes with the version.
    const { name } = await access.dev(nodeId).inspector({ workload, namespace });
    const deployed = new DeployedWorkload(access, nodeId, name, namespace);
    return {
      name,
      stopOnEntry: false,
      locate: () => deployed.locate(),
      deliver: () => Promise.resolve(),
      stop: () => deployed.stop(),
      [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
    };
  } catch (error) {
    await access[Symbol.asyncDispose]();
    throw error;
  }
}
