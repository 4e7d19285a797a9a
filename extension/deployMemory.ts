import type * as vscode from 'vscode';
import { z } from 'zod';
import type { WorkloadEntry } from './node/nodeEntries.ts';

const deploymentSchema = z.object({
  nodeId: z.string(),
  namespace: z.string(),
  name: z.string(),
  program: z.string(),
  triggerSubjects: z.array(z.string()),
});
export type RememberedDeployment = z.infer<typeof deploymentSchema>;

const deploymentsSchema = z.array(deploymentSchema);
const key = 'nex.deployments';
/** The latest; more than a person has in view. */
const kept = 200;

/** What this workspace has deployed to nodes of others, which do not tell its file and trigger subjects. */
export class DeployMemory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  async add(deployment: RememberedDeployment): Promise<void> {
    const others = this.#all().filter((one) => !isSame(one, deployment));
    await this.#state.update(key, [deployment, ...others].slice(0, kept));
  }

  /** The workload, with what its node does not tell. */
  complete(workload: WorkloadEntry): WorkloadEntry {
    if (workload.program !== undefined) return workload;
    const known = this.#all().find((one) => isSame(one, workload));
    return known === undefined ? workload : { ...workload, ...known };
  }

  #all(): RememberedDeployment[] {
    return deploymentsSchema.safeParse(this.#state.get(key)).data ?? [];
  }
}

type Place = Pick<RememberedDeployment, 'nodeId' | 'namespace' | 'name'>;

const isSame = (one: Place, other: Place) =>
  one.nodeId === other.nodeId && one.namespace === other.namespace && one.name === other.name;
