import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { devrun, type DevrunOptions, type DevrunResult } from '../../runtime/client/devrun.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import { allEvents, cloudEventSchema, type CloudEvent } from '../../runtime/protocol/events.ts';
import { allLogs, logEntrySchema, type LogEntry } from '../../runtime/protocol/logs.ts';
import type { TestNode } from './devNode.ts';

type Service = Pick<DevrunOptions, 'argv' | 'env' | 'essential' | 'extension' | 'type'> & {
  readonly file: string;
  readonly source: string | Uint8Array;
  readonly fileMode?: number;
};

/** Writes a script into the node's directory and deploys it there as a service, as a user's `devrun` does. */
export async function deployService(
  node: TestNode,
  connection: NatsConnection,
  { file, source, fileMode = 0o755, ...options }: Service,
): Promise<DevrunResult> {
  const path = join(node.directory, file);
  writeFileSync(path, source);
  chmodSync(path, fileMode);
  return devrun({
    connection,
    keys: await readKeys(join(node.directory, '.nex')),
    file: path,
    nodeId: node.nodeId,
    triggerSubjects: [],
    ...options,
  });
}

export async function stopService(
  { directory, nodeId }: TestNode,
  connection: NatsConnection,
  workloadId: string,
): Promise<void> {
  const { issuer } = await readKeys(join(directory, '.nex'));
  const address = { nodeId, namespace: 'default', workloadId };
  await new ControlClient(connection).stop(address, issuer);
}

/** What a node publishes, from now on. */
export class Publications {
  readonly logs: LogEntry[] = [];
  readonly events: CloudEvent[] = [];
  #look: () => void = () => undefined;

  constructor(connection: NatsConnection) {
    connection.subscribe(allLogs, {
      callback: (_error, message) => this.#add(this.logs, logEntrySchema.parse(message.json())),
    });
    connection.subscribe(allEvents, {
      callback: (_error, message) => this.#add(this.events, cloudEventSchema.parse(message.json())),
    });
  }

  /** All that was logged, one line after the other. */
  get text(): string {
    return this.logs.map(({ text }) => text).join('\n');
  }

  /** The data of the events of that type. */
  dataOf(type: string): CloudEvent['data'][] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data);
  }

  /** Resolves with the first log entry that matches; mocha's time-out is the deadline. */
  async log(pattern: RegExp): Promise<LogEntry> {
    let entry: LogEntry | undefined;
    await this.until(() => {
      entry = this.logs.find(({ text }) => pattern.test(text));
      return entry !== undefined;
    });
    if (entry === undefined) throw new Error('unreachable: it was found');
    return entry;
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((look) => (this.#look = look));
  }

  #add<Entry>(list: Entry[], entry: Entry): void {
    list.push(entry);
    this.#look();
  }
}
