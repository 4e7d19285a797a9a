import { NexError } from '../protocol/nexError.ts';
import { parseDeployRequest } from './goRequests.ts';
import type { Workload } from '../workloads/workload.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import type { Artifact } from './artifacts.ts';
import type { NodeConfig } from './nodeConfig.ts';

interface Place {
  readonly namespace: string;
  readonly hash: string;
  readonly totalBytes: number;
}

/** What a node may run at a time: the limits and the rule for duplicates of its configuration. */
export class Capacity {
  readonly allowsDuplicates: boolean;
  readonly #config: NodeConfig;
  readonly #registry: WorkloadRegistry;
  /** Of workloads that are being started. */
  readonly #taken = new Set<Place>();

  constructor(config: NodeConfig, registry: WorkloadRegistry) {
    this.allowsDuplicates = config.allow_duplicate_workloads;
    this.#config = config;
    this.#registry = registry;
  }

  /** Nex looks at the number before it reads the request; one that replaces another is counted when it takes its place. */
  refuseFull(body: string): void {
    const places = this.#places([]);
    if (this.#isFull(places) && !mayReplace(body)) throw full();
  }

  /** Takes a place, beside all but the `replaced`, until what it returns is called: from then on the workload itself counts. */
  take(
    namespace: string,
    { hash, bytes }: Artifact,
    replaced: readonly Workload[],
  ): { isDuplicate: boolean; release: () => void } {
    const { max_total_bytes, max_workload_bytes } = this.#config.node_limits;
    const places = this.#places(replaced);
    const totalBytes = bytes.length;
    if (this.#isFull(places)) throw full();
    if (isPassed(max_workload_bytes, totalBytes)) {
      throw refused('Workload file size would exceed node limitations');
    }
    const sum = places.reduce((total, place) => total + place.totalBytes, totalBytes);
    if (isPassed(max_total_bytes, sum)) {
      throw refused('Workload file size would exceed node total limitations');
    }
    const place = { namespace, hash, totalBytes };
    this.#taken.add(place);
    return {
      isDuplicate: places.some((other) => other.hash === hash && isSame(other, place)),
      release: () => this.#taken.delete(place),
    };
  }

  #isFull(places: readonly Place[]): boolean {
    return isPassed(this.#config.node_limits.max_workloads, places.length + 1);
  }

  #places(replaced: readonly Workload[]): Place[] {
    const running = this.#registry.all.filter((workload) => !replaced.includes(workload));
    return [...running.map(({ definition }) => definition), ...this.#taken];
  }
}

const isSame = (one: Place, other: Place) =>
  one.namespace.toLowerCase() === other.namespace.toLowerCase();

const isPassed = (limit: number, value: number) => limit !== 0 && value > limit;

function mayReplace(body: string): boolean {
  try {
    const { nexdev } = parseDeployRequest(body);
    return nexdev?.replace === true || nexdev?.reload === true;
  } catch {
    // Nothing that could be a replacement; what is wrong with it is not asked on a full node.
    return false;
  }
}

const full = () => refused('Node is at maximum workload limit. Deploy request denied');

const refused = (text: string) => new NexError('refused', text);
