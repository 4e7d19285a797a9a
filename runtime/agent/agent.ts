import type { AgentWorkload, ToAgent } from '../protocol/agentPipe.ts';
import { errorText } from '../protocol/nexError.ts';
import { connectAgent } from './connectAgent.ts';
import { FunctionHost } from './functionHost.ts';
import type { NodePipe } from './nodePipe.ts';
import { rehearse } from './rehearse.ts';
import { ServiceHost } from './service/serviceHost.ts';
import type { Connections, WorkloadHost } from './workloadHost.ts';

type Load = Extract<ToAgent, { type: 'load' }>;

/** Does what the node says; see `protocol/agentPipe.ts` for the conversation. */
export class Agent {
  readonly #pipe: NodePipe;
  #host: WorkloadHost | undefined;
  #rehearsed: Promise<void> | undefined;

  constructor(pipe: NodePipe) {
    this.#pipe = pipe;
  }

  async handle(message: ToAgent): Promise<void> {
    switch (message.type) {
      case 'rehearse':
        this.#rehearsed = rehearse(message.nats);
        return;
      case 'load':
        await this.#load(message);
        return;
      case 'subscribe':
        await this.#subscribe(message.marker);
        return;
      case 'record':
        await this.#required().record(message.marker);
        this.#pipe.send({ type: 'recording' });
        return;
      case 'forget':
        await this.#required().forget(message.received);
        return;
      case 'release':
        await this.#required().release();
        return;
      case 'replay':
        await this.#required().replay(message);
        return;
      case 'stop':
        await this.#host?.stop(message.graceMs);
        // There is nothing left to tidy up, and an orderly exit can hang or crash in a wedged isolate.
        process.kill(process.pid, 'SIGKILL');
    }
  }

  async #load(message: Load): Promise<void> {
    // One after the other: two isolates at once would only take each other's processor.
    await this.#rehearsed;
    try {
      const host = await startHost(message, this.#pipe);
      this.#host = host;
      const { inspectorUrl, debugger: address } = host;
      this.#pipe.send({ type: 'loaded', inspectorUrl, debugger: address });
    } catch (error) {
      this.#pipe.send({ type: 'rejected', message: rejection(message.workload, error) });
    }
  }

  async #subscribe(marker: string | undefined): Promise<void> {
    try {
      await this.#required().subscribe(marker);
      this.#pipe.send({ type: 'subscribed' });
    } catch (error) {
      const message = `Failed to subscribe to the trigger subjects: ${errorText(error)}`;
      this.#pipe.send({ type: 'rejected', message });
    }
  }

  #required(): WorkloadHost {
    if (this.#host === undefined) throw new Error('the node spoke before it loaded a workload');
    return this.#host;
  }
}

async function startHost(load: Load, pipe: NodePipe): Promise<WorkloadHost> {
  const { workload } = load;
  const connections = await openConnections(load);
  return workload.type === 'native'
    ? ServiceHost.start(workload, load.nats, connections, pipe)
    : FunctionHost.start(workload, connections, pipe);
}

async function openConnections({ workload, nats, nodeNats }: Load): Promise<Connections> {
  const connection = await connectAgent(nats, `nex-hostservices-${workload.name}`);
  const nodeConnection =
    nodeNats === undefined
      ? connection
      : await connectAgent(nodeNats, `nexdev-agent-${workload.name}`);
  return { connection, nodeConnection };
}

/** Nex's words for a source that V8 refuses. */
function rejection({ type }: AgentWorkload, error: unknown): string {
  if (type === 'native') return errorText(error);
  if (!(error instanceof SyntaxError)) return `Failed to validate workload: ${errorText(error)}`;
  // isolated-vm appends ` [file:line:column]`.
  const text = error.message.replace(/ \[[^[\]]*:\d+:\d+\]$/, '');
  return `Failed to validate workload: failed to compile source for execution: SyntaxError: ${text}`;
}
