import type { AgentWorkload } from '../protocol/agentPipe.ts';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import type { Claims } from '../protocol/claims.ts';

/** A workload as it was deployed. */
export type WorkloadDefinition = AgentWorkload & DeploymentFacts;

/** What the node knows of a deployment and its agent need not. */
interface DeploymentFacts {
  readonly description: string;
  readonly essential: boolean;
  readonly claims: Claims;
  readonly totalBytes: number;
  readonly program: string | undefined;
  readonly nats: NatsOptions;
  readonly nodeNats: NatsOptions | undefined;
}
