import type { NatsConnection } from '@nats-io/transport-node';
import { NexError } from '../protocol/nexError.ts';
import { ControlClient } from './controlClient.ts';
import { ControlClientV04 } from './controlClientV04.ts';

/** Asks a node for what we only know of Nex 0.3; of a node of 0.4 that is said, not that it is not there. */
export async function onNode<Result>(
  connection: NatsConnection,
  nodeId: string,
  work: (control: ControlClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(new ControlClient(connection));
  } catch (error) {
    if (!(error instanceof NexError) || error.code !== 'node-not-found') throw error;
    const other = await new ControlClientV04(connection).info(nodeId);
    if (other === undefined) throw error;
    const text = `Node ${nodeId} runs Nex ${other.version}, whose nodes nexdev only looks at.`;
    throw new NexError('other-generation', text, {
      remedy: 'Use the nex program of that version to change something there.',
      cause: error,
    });
  }
}
