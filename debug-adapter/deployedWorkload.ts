import { fileURLToPath } from 'node:url';
import { ControlClient } from '../runtime/client/controlClient.ts';
import type { SourceRecord } from '../runtime/protocol/sources.ts';
import type { NodeAccess } from './nodeAccess.ts';
import { readSourceRecord } from '../runtime/client/sourceRecords.ts';
import type { InspectorAddress } from './target.ts';

/** A workload on a node, found by name again and again: its id changes with every version. */
export class DeployedWorkload {
  readonly access: NodeAccess;
  readonly nodeId: string;
  readonly workload: string;
  readonly namespace: string;

  constructor(access: NodeAccess, nodeId: string, workload: string, namespace: string) {
    this.access = access;
    this.nodeId = nodeId;
    this.workload = workload;
    this.namespace = namespace;
  }

  async locate(): Promise<InspectorAddress> {
    const { workload, namespace } = this;
    const dev = this.access.dev(this.nodeId);
    const [inspector, workloads] = await Promise.all([
      dev.inspector({ workload, namespace }),
      dev.workloads(),
    ]);
    const subjects = workloads.find(({ id }) => id === inspector.workloadId)?.triggerSubjects ?? [];
    const waitsOn = subjects.length === 0 ? 'a replay' : subjects.join(', ');
    return {
      webSocketUrl: inspector.webSocketUrl,
      title: `${inspector.name} waiting on ${waitsOn}`,
      record: rebase(
        await readSourceRecord(this.access.connection, inspector.hash),
        inspector.scriptUrl,
      ),
    };
  }

  async stop(): Promise<void> {
    const { nodeId, namespace, workload } = this;
    const { workloadId } = await this.access.dev(nodeId).inspector({ workload, namespace });
    const address = { nodeId, namespace, workloadId };
    await new ControlClient(this.access.connection).stop(address, this.access.keys.issuer);
  }
}

/** Two files with the same bytes share a record; a classic script is the one that it runs as. */
function rebase(record: SourceRecord, scriptUrl: string): SourceRecord {
  const [source] = record.sources;
  if (record.map !== undefined || record.scriptUrl === scriptUrl || source === undefined) {
    return record;
  }
  const program = scriptUrl.startsWith('file:') ? fileURLToPath(scriptUrl) : record.program;
  return { program, scriptUrl, sources: [{ url: scriptUrl, content: source.content }] };
}
