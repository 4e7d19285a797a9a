import type { DeployRequest, RunResponse } from '../protocol/controlApi.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';

/** What a workload was deployed with. */
export interface Deployment {
  readonly request: DeployRequest;
  /** Opened. */
  readonly environment: Record<string, string>;
}

/** What all versions of a workload have in common. */
type Lineage = Pick<WorkloadDefinition, 'namespace' | 'name' | 'claims'>;

/** A reload that is not done yet. */
interface Reload {
  readonly artifact: string;
  readonly response: Promise<RunResponse>;
}

/** Knows how each workload was deployed, so that a file that is saved is deployed the same way, whoever notices the save. */
export class Deployments {
  readonly #deployments = new WeakMap<Workload, Deployment>();
  /** The newest of each lineage. */
  readonly #reloads = new Map<string, Reload>();

  remember(workload: Workload, deployment: Deployment): void {
    this.#deployments.set(workload, deployment);
  }

  /** Whether `workload` is what `next` would make of it. */
  isRunBy(workload: Workload, next: Deployment): boolean {
    const deployment = this.#deployments.get(workload);
    return (
      next.request.nexdev?.hash === workload.definition.hash &&
      deployment !== undefined &&
      artifactOf(deployment) === artifactOf(next)
    );
  }

  /** The deployment of `running`, with the artifact of `next` and what its file itself asks for. */
  repeat(running: Workload, next: Deployment): Deployment {
    const before = this.#deployments.get(running);
    if (before === undefined) return next;
    const { location, workload_jwt, nexdev } = next.request;
    const { hash, warned, fileOptions, waitForDebugger } = nexdev ?? {};
    const extension = { ...before.request.nexdev, replace: true };
    return {
      environment: before.environment,
      request: {
        ...before.request,
        ...{ location, workload_jwt },
        nexdev: { ...extension, hash, warned, fileOptions, waitForDebugger },
      },
    };
  }

  /** Reloads of one lineage are done one after the other, and those for the same artifact that come together are one. */
  async reload(
    { namespace, name, claims }: Lineage,
    next: Deployment,
    work: () => Promise<RunResponse>,
  ): Promise<RunResponse> {
    const lineage = JSON.stringify([namespace, name, claims.iss]);
    const artifact = artifactOf(next);
    const last = this.#reloads.get(lineage);
    if (last?.artifact === artifact) return last.response;
    const reload = { artifact, response: (last?.response ?? Promise.resolve()).then(work, work) };
    this.#reloads.set(lineage, reload);
    try {
      return await reload.response;
    } finally {
      if (this.#reloads.get(lineage) === reload) this.#reloads.delete(lineage);
    }
  }
}

/** The artifact and what its file asks for, as far as the client says. */
const artifactOf = ({ request: { nexdev } }: Deployment) =>
  JSON.stringify([nexdev?.hash, nexdev?.fileOptions]);
