import {
  toAgentProcessSchema,
  type FromAgent,
  type ToAgentProcess,
} from '../protocol/agentPipe.ts';

/** What one version of a workload sees of its agent's pipe to the node. */
export interface NodePipe {
  send(message: FromAgent): void;
  /** The node is gone, and this process ends as soon as `listener` returns. */
  onNodeGone(listener: () => void): void;
}

/** The agent's end of the IPC pipe to its node. */
export interface AgentPipe {
  of(version: number): NodePipe;
  onMessage(listener: (message: ToAgentProcess) => void): void;
}

/** Ends this process at once when the node is gone: an agent without a node must not go on. */
export function openAgentPipe(): AgentPipe {
  const nodeGone: (() => void)[] = [];
  process.on('disconnect', () => {
    for (const listener of nodeGone) listener();
    // An orderly exit can hang for half a minute behind a wedged isolate thread.
    process.kill(process.pid, 'SIGKILL');
  });
  // Ctrl-C in a terminal reaches the whole group; the node decides when its agents end.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  return {
    of: (version) => ({
      send: (message) => {
        // After a disconnect there is nobody to tell; the handler above ends the process.
        if (process.connected) process.send?.({ version, message });
      },
      onNodeGone: (listener) => void nodeGone.push(listener),
    }),
    onMessage: (listener) => {
      process.on('message', (message: unknown) => listener(toAgentProcessSchema.parse(message)));
    },
  };
}
