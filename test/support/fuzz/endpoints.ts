import { controlSubjects } from '../../../runtime/protocol/controlApi.ts';
import { devOperations, devSubject } from '../../../runtime/protocol/devApi.ts';

/** A subject that a node answers, as the protocol names it. */
export interface Endpoint {
  readonly api: 'control' | 'dev';
  readonly name: string;
  readonly subject: (namespace: string) => string;
}

/** Every subject of both APIs, from the protocol itself: what is added there is fuzzed. */
export function listEndpoints(nodeId: string): Endpoint[] {
  const control = Object.entries(controlSubjects).map(([name, subject]) => ({
    ...{ api: 'control' as const, name },
    subject: (namespace: string) => withTokens(subject, namespace, nodeId),
  }));
  const dev = devOperations.map((operation) => ({
    ...{ api: 'dev' as const, name: operation },
    subject: () => devSubject(nodeId, operation),
  }));
  return [...control, ...dev];
}

function withTokens(
  subject: string | ((...tokens: string[]) => string),
  namespace: string,
  nodeId: string,
): string {
  if (subject === controlSubjects.pingWorkloads) return `${subject}.${namespace}`;
  if (typeof subject === 'string') return subject;
  return subject.length === 1 ? subject(nodeId) : subject(namespace, nodeId);
}
