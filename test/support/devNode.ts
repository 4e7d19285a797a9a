import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after } from 'mocha';
import { DevClient } from '../../runtime/client/devClient.ts';
import { devrun, type DevrunResult } from '../../runtime/client/devrun.ts';
import { readKeys } from '../../runtime/client/keys.ts';
import type { DeployExtension } from '../../runtime/protocol/controlApi.ts';
import { startThrowawayNode, type ThrowawayNode } from '../../tools/throwawayNode.ts';

export { isolatedEnvironment, nexdevPath } from '../../tools/throwawayNode.ts';

export interface TestNode extends ThrowawayNode {
  /** A connection that ends with the node. */
  connect(): Promise<NatsConnection>;
}

/** A real node with its own nats-server; ends with the suite at the latest. Runs what is built: `npm test` builds first. */
export async function startTestNode(flags: string[] = [], home?: string): Promise<TestNode> {
  const node = await startThrowawayNode(flags, home);
  const connections: NatsConnection[] = [];
  const stop = async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await node.stop();
  };
  after(stop);
  return {
    ...node,
    stop,
    connect: async () => {
      const connection = await connect({ servers: node.url });
      connections.push(connection);
      return connection;
    },
  };
}

/** A test node, a connection to its NATS, and its dev API as its user. */
export async function startConnectedNode() {
  const node = await startTestNode();
  const connection = await node.connect();
  const { issuer } = await readKeys(join(node.directory, '.nex'));
  return { node, connection, dev: new DevClient(connection, issuer, node.nodeId) };
}

/** Writes a function into the node's directory and deploys it there, as a user's `devrun` does. */
export async function deployFunction(
  node: TestNode,
  connection: NatsConnection,
  { file, source, subjects, extension, env = {} }: FunctionUnderTest,
): Promise<DevrunResult> {
  const path = join(node.directory, file);
  writeFileSync(path, source);
  return devrun({
    connection,
    keys: await readKeys(join(node.directory, '.nex')),
    file: path,
    nodeId: node.nodeId,
    triggerSubjects: subjects,
    env,
    extension: { replace: true, ...extension },
  });
}

export interface FunctionUnderTest {
  readonly file: string;
  readonly source: string | Uint8Array;
  readonly subjects: string[];
  readonly env?: Record<string, string>;
  readonly extension?: DeployExtension;
}
