import { connect, type NatsConnection } from '@nats-io/transport-node';
import { after } from 'mocha';
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
