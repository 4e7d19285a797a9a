import { overlap } from '../protocol/triggerSubject.ts';
import type { Workload } from './workload.ts';

/** The workloads of one node, in the order of their deployment. */
export class WorkloadRegistry {
  readonly #workloads = new Map<string, Workload>();

  add(workload: Workload): void {
    this.#workloads.set(workload.definition.id, workload);
  }

  remove(id: string): void {
    this.#workloads.delete(id);
  }

  get(id: string): Workload | undefined {
    return this.#workloads.get(id);
  }

  get all(): Workload[] {
    return [...this.#workloads.values()];
  }

  /** Namespaces are compared as Nex does for queries: without regard to case. */
  inNamespace(namespace: string): Workload[] {
    const wanted = namespace.toLowerCase();
    return this.all.filter(({ definition }) => definition.namespace.toLowerCase() === wanted);
  }

  /**
   * As WPING does it (`internal/node/controlapi.go` matchesSearch): white space around is nothing, nothing matches all, and
   * letter case does not matter but in an id.
   */
  matching(namespace: string, reference: string): Workload[] {
    const wanted = trimmed(reference);
    const room = trimmed(namespace);
    const candidates = room === '' ? this.all : this.inNamespace(room);
    return candidates.filter(
      ({ definition: { id, name } }) =>
        wanted === '' || id === wanted || name.toLowerCase() === wanted.toLowerCase(),
    );
  }

  /** By id, or by name within a namespace, the newest of several; of those that the asker may see. */
  find(
    reference: string,
    namespace: string,
    isVisible: (workload: Workload) => boolean,
  ): Workload | undefined {
    return (
      this.all.find((each) => each.definition.id === reference && isVisible(each)) ??
      this.inNamespace(namespace).findLast(
        (each) => each.definition.name === reference && isVisible(each),
      )
    );
  }

  /** Workloads that would also get messages of `subject`. */
  answering(subject: string): Workload[] {
    return this.all.filter(
      ({ definition }) =>
        definition.copy === undefined &&
        definition.triggerSubjects.some((trigger) => overlap(trigger, subject)),
    );
  }
}

/** As Go trims: `trim` has other white space. */
const trimmed = (text: string) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
