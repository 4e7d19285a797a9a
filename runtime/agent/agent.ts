import type { AgentWorkload, ToAgent, ToAgentProcess } from '../protocol/agentPipe.ts';
import { copyConnectionName, functionConnectionName } from '../protocol/connectionNames.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { errorText } from '../protocol/nexError.ts';
import { connectAgent } from './connectAgent.ts';
import { FunctionHost } from './functionHost.ts';
import type { AgentPipe, NodePipe } from './nodePipe.ts';
import { rehearse } from './rehearse.ts';
import { ServiceHost } from './service/serviceHost.ts';
import type { Connections, WorkloadHost } from './workloadHost.ts';

type Load = Extract<ToAgent, { type: 'load' }>;

/** Does what the node says; see `protocol/agentPipe.ts` for the conversation. */
export class Agent {
  readonly #pipe: AgentPipe;
  /** By version; without a host where it is being loaded. */
  readonly #hosts = new Map<number, WorkloadHost | undefined>();
  #connections: Promise<Connections> | undefined;
  #rehearsed: Promise<void> | undefined;

  constructor(pipe: AgentPipe) {
    this.#pipe = pipe;
  }

  async handle(message: ToAgentProcess): Promise<void> {
    if ('rehearse' in message) this.#rehearsed = rehearse(message.rehearse);
    else await this.#handle(message.version, message.message);
  }

  async #handle(version: number, message: ToAgent): Promise<void> {
    // One that has left in the meantime hears nothing.
    const host = this.#hosts.get(version);
    switch (message.type) {
      case 'load':
        await this.#load(version, message);
        return;
      case 'subscribe':
        await this.#subscribe(version, message.marker);
        return;
      case 'record':
        await host?.record(message.marker);
        this.#pipe.of(version).send({ type: 'recording' });
        return;
      case 'forget':
        await host?.forget(message.received);
        return;
      case 'release':
        host?.release();
        return;
      case 'replay':
        await host?.replay(message);
        return;
      case 'stop':
        await this.#stop(version, message.graceMs);
    }
  }

  async #load(version: number, message: Load): Promise<void> {
    const pipe = this.#pipe.of(version);
    this.#hosts.set(version, undefined);
    // One after the other: two isolates at once would only take each other's processor.
    await this.#rehearsed;
    try {
      const host = await this.#start(message, pipe);
      if (!this.#hosts.has(version)) {
        host.dispose?.();
        return;
      }
      this.#hosts.set(version, host);
      const { inspectorUrl, debugger: address } = host;
      pipe.send({ type: 'loaded', inspectorUrl, debugger: address });
    } catch (error) {
      pipe.send({ type: 'rejected', message: rejection(message.workload, error) });
    }
  }

  async #start(load: Load, pipe: NodePipe): Promise<WorkloadHost> {
    const { workload, successorOf } = load;
    // Versions that share an agent share these: the node sees to it that they are to have the same.
    this.#connections ??= openConnections(load);
    const connections = await this.#connections;
    if (workload.type === 'native') {
      return ServiceHost.start(workload, load.nats, connections, pipe);
    }
    const before = successorOf === undefined ? undefined : this.#hosts.get(successorOf);
    const predecessor = before instanceof FunctionHost ? before : undefined;
    return FunctionHost.start(workload, connections, pipe, predecessor);
  }

  async #subscribe(version: number, marker: string | undefined): Promise<void> {
    const pipe = this.#pipe.of(version);
    try {
      await this.#hosts.get(version)?.subscribe(marker);
      pipe.send({ type: 'subscribed' });
    } catch (error) {
      const message = `Failed to subscribe to the trigger subjects: ${errorText(explainNats(error))}`;
      pipe.send({ type: 'rejected', message });
    }
  }

  async #stop(version: number, graceMs: number): Promise<void> {
    const host = this.#hosts.get(version);
    await host?.stop(graceMs);
    // It may have been told so twice.
    if (!this.#hosts.delete(version)) return;
    // There is nothing left to tidy up, and an orderly exit can hang or crash in a wedged isolate.
    if (this.#hosts.size === 0) process.kill(process.pid, 'SIGKILL');
    host?.dispose?.();
    this.#pipe.of(version).send({ type: 'left' });
  }
}

async function openConnections({ workload, nats, nodeNats }: Load): Promise<Connections> {
  const nameOf = workload.copy === undefined ? functionConnectionName : copyConnectionName;
  const connection = await connectAgent(nats, nameOf(workload.name));
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
