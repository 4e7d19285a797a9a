import { formatRuntime, formatUptime } from './durations.ts';
import type {
  AuctionRequest,
  InfoResponse,
  MachineSummary,
  PingResponse,
  WorkloadPingResponse,
} from '../protocol/controlApi.ts';
import { isFunctionType, type WorkloadType } from '../protocol/workloadTypes.ts';
import type { AgentPool } from '../workloads/agentPool.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import type { Capacity } from './capacity.ts';
import { isOneOf } from './deployRequests.ts';
import { parseAuctionRequest } from './goRequests.ts';
import type { LameDuck } from './lameDuck.ts';
import { readMemory } from './memory.ts';
import { nexVersion, nexus, type NodeIdentity } from './nodeIdentity.ts';

/** What a node says of itself and its workloads: PING, WPING, AUCTION, INFO, heartbeat. */
export class NodeReports {
  readonly #identity: NodeIdentity;
  readonly #registry: WorkloadRegistry;
  readonly #pool: AgentPool;
  readonly #lameDuck: LameDuck;
  readonly #capacity: Capacity;
  readonly #types: readonly WorkloadType[];

  constructor(
    identity: NodeIdentity,
    registry: WorkloadRegistry,
    pool: AgentPool,
    lameDuck: LameDuck,
    capacity: Capacity,
    types: readonly WorkloadType[],
  ) {
    this.#identity = identity;
    this.#registry = registry;
    this.#pool = pool;
    this.#lameDuck = lameDuck;
    this.#capacity = capacity;
    this.#types = types;
  }

  ping(): PingResponse {
    return {
      node_id: this.#identity.id,
      nexus,
      version: nexVersion,
      uptime: this.#uptime,
      target_xkey: this.#identity.publicXkey,
      tags: this.#lameDuck.tags,
      running_machines: this.#registry.all.length,
    };
  }

  /** Undefined where nothing matches. */
  pingWorkloads(namespace: string, reference: string): WorkloadPingResponse | undefined {
    const workloads = this.#registry.matching(namespace, reference);
    if (workloads.length === 0) return undefined;
    const { node_id, target_xkey, version, tags, uptime } = this.ping();
    return {
      ...{ node_id, target_xkey, version, tags, uptime },
      running_machines: workloads.map(({ definition }) => ({
        id: definition.id,
        namespace: definition.namespace,
        name: definition.name,
        type: definition.type,
      })),
    };
  }

  /**
   * The bid, or undefined where a filter does not match. A body that is no request filters nothing. A lame duck, which
   * would refuse what it is then sent, does not bid; a real one does.
   */
  bid(body: string): PingResponse | undefined {
    if (this.#lameDuck.entered) return undefined;
    const request = parseAuctionRequest(body);
    return request === undefined || this.#matches(request) ? this.ping() : undefined;
  }

  async info(namespace: string): Promise<InfoResponse> {
    const memory = await readMemory();
    return {
      available_agents: this.#pool.available,
      allow_duplicate_workloads: this.#capacity.allowsDuplicates,
      machines: this.#registry.inNamespace(namespace).map(summarize),
      ...(memory === undefined ? {} : { memory }),
      public_xkey: this.#identity.publicXkey,
      supported_workload_types: [...this.#types],
      tags: this.#lameDuck.tags,
      uptime: this.#uptime,
      version: nexVersion,
    };
  }

  heartbeat(): Record<string, unknown> {
    const { node_id, tags, running_machines, uptime, version } = this.ping();
    return {
      allow_duplicate_workloads: this.#capacity.allowsDuplicates,
      nexus,
      node_id,
      running_machines,
      tags,
      uptime,
      version,
    };
  }

  get #uptime(): string {
    return formatUptime(Date.now() - this.#identity.startedAt);
  }

  #matches({ arch, os, sandboxed, tags, workload_types }: AuctionRequest): boolean {
    const own = this.#identity.tags;
    const same = (one: string, other: string | undefined) =>
      one.toLowerCase() === other?.toLowerCase();
    return (
      (arch == null || same(arch, own['nex.arch'])) &&
      (os == null || same(os, own['nex.os'])) &&
      sandboxed !== true &&
      Object.entries(tags ?? {}).every(
        ([name, value]) => Object.hasOwn(own, name) && same(value, own[name]),
      ) &&
      (workload_types ?? []).every((type) => isOneOf(this.#types, type))
    );
  }
}

function summarize(workload: Workload): MachineSummary {
  const { id, name, namespace, description, hash, type } = workload.definition;
  const uptime = formatUptime(Date.now() - workload.acceptedAt);
  return {
    id,
    healthy: true,
    uptime,
    namespace,
    workload: {
      id: '',
      name,
      ...(description === '' ? {} : { description }),
      essential: false,
      hash,
      runtime: isFunctionType(type) ? formatRuntime(workload.runtimeNanos) : '--',
      uptime,
      type,
    },
  };
}
