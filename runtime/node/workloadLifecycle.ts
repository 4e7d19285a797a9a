import type { AgentPool } from '../workloads/agentPool.ts';
import { Workload } from '../workloads/workload.ts';
import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import type { NodePublisher } from './nodePublisher.ts';
import type { OtherAnswerers } from './otherAnswerers.ts';

/** How long in ms a workload that is stopped may take to finish what it has. */
const stopGraceMs = 1000;
/** The same for one that was replaced: its successor answers already; but a service might go on beside it. */
const replacedGraceMs = ({ definition }: Workload) =>
  definition.type === 'native' ? 2000 : 60_000;

/** Brings workloads up and down, and announces it. */
export class WorkloadLifecycle {
  readonly #registry: WorkloadRegistry;
  readonly #pool: AgentPool;
  readonly #publisher: NodePublisher;
  readonly #others: OtherAnswerers;
  readonly #retiring = new Set<Workload>();
  /** Deploys of one name are done one after the other, so that a replacement knows whom it replaces. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    registry: WorkloadRegistry,
    pool: AgentPool,
    publisher: NodePublisher,
    others: OtherAnswerers,
  ) {
    this.#registry = registry;
    this.#pool = pool;
    this.#publisher = publisher;
    this.#others = others;
  }

  /**
   * Starts a workload. With `replace` it takes the place of those of the same name, namespace and issuer: only once it
   * can answer, and so that every message reaches exactly one of them.
   */
  async deploy(
    definition: WorkloadDefinition,
    replace: boolean,
  ): Promise<{ workload: Workload; warnings: string[] }> {
    const key = `${definition.namespace}/${definition.name}`;
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(
      () => this.#deploy(definition, replace),
      () => this.#deploy(definition, replace),
    );
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  async stop(workload: Workload, reason: string, graceMs = stopGraceMs): Promise<void> {
    this.#registry.remove(workload.definition.id);
    this.#retiring.add(workload);
    await workload.stop(graceMs);
    if (this.#retiring.delete(workload)) this.#publisher.undeployed(workload, reason);
  }

  /** The versions before. */
  replacedBy({
    name,
    namespace,
    claims,
  }: Pick<WorkloadDefinition, 'name' | 'namespace' | 'claims'>): Workload[] {
    return this.#registry.all.filter(
      ({ definition: old }) =>
        old.name === name && old.namespace === namespace && old.claims.iss === claims.iss,
    );
  }

  /** What runs may go on, but ends for good when it ends; resolves once nothing is left. Nothing may be deployed any more. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#turns.values());
    const all = [...this.#registry.all, ...this.#retiring];
    for (const workload of all) workload.restartServiceNoMore();
    await Promise.all(all.map(({ finished }) => finished));
  }

  /** The node ends: so does all that runs, and all that was still finishing. */
  async stopAll(reason: string): Promise<void> {
    const all = [...this.#registry.all, ...this.#retiring];
    await Promise.allSettled(all.map((workload) => this.stop(workload, reason)));
  }

  async #deploy(definition: WorkloadDefinition, replace: boolean) {
    const replaced = replace ? this.replacedBy(definition) : [];
    const takeAgent = () => this.#pool.take();
    const workload = new Workload(definition, takeAgent, this.#publisher);
    const warnings = this.#warnings(definition, replaced);
    await this.#takeOver(replaced, workload, warnings);
    void workload.finished.then(() => this.#registry.remove(definition.id));
    // After the reply, as the real node means to: announced, never lost.
    setImmediate(() => this.#publisher.deployed(workload));
    return { workload, warnings: await warnings };
  }

  async #takeOver(
    replaced: readonly Workload[],
    workload: Workload,
    warnings: Promise<unknown>,
  ): Promise<void> {
    const settled = Promise.withResolvers<void>();
    try {
      await this.#start(workload, replaced, warnings, settled.promise);
      this.#registry.add(workload);
      await this.#handOver(replaced, workload);
    } finally {
      settled.resolve();
    }
  }

  /** From the moment it resolves, messages reach the new version. What cannot start leaves nothing behind. */
  async #start(
    workload: Workload,
    replaced: readonly Workload[],
    warnings: Promise<unknown>,
    settled: Promise<void>,
  ): Promise<void> {
    try {
      const [before, ...others] = replaced;
      await workload.load(others.length === 0 ? before : undefined);
      await warnings;
      // The version before may have died meanwhile, and be on its way back in an agent of its own.
      const isAlone = before === undefined || workload.sharesAgentWith(before);
      const marker = isAlone ? undefined : `_INBOX.nexdev.${workload.definition.id}`;
      if (marker !== undefined) {
        await Promise.all(replaced.map((old) => old.record(marker, settled)));
      }
      await workload.subscribe(marker);
    } catch (error) {
      await workload.stop(0);
      throw error;
    }
  }

  /**
   * When it resolves, only the new version gets messages; it runs them once the old ones have answered theirs, or get
   * nowhere with them.
   */
  async #handOver(replaced: readonly Workload[], workload: Workload): Promise<void> {
    const unsubscribed = Promise.all(replaced.map((old) => old.unsubscribed));
    const finished = replaced.map(async (old) => {
      const stopped = this.stop(old, 'Workload replaced by a new version', replacedGraceMs(old));
      await Promise.race([stopped, old.untilStuck()]);
    });
    const received = await unsubscribed;
    workload.forget({
      keys: received.flatMap(({ keys }) => keys),
      early: received.flatMap(({ early }) => early),
    });
    void Promise.allSettled(finished).then(() => workload.release());
  }

  /** Trigger subjects that somebody else answers already; those of the version before were told with it. */
  async #warnings(definition: WorkloadDefinition, replaced: Workload[]): Promise<string[]> {
    const told = replaced.flatMap((old) => old.definition.triggerSubjects);
    const subjects = definition.triggerSubjects.filter((subject) => !told.includes(subject));
    // A save must not wait for others to answer; a copy answers nobody.
    if (subjects.length === 0 || definition.copy !== undefined) return [];
    return this.#others.describe(subjects, replaced);
  }
}
