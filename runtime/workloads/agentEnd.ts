import type { FromAgent } from '../protocol/agentPipe.ts';
import type { AgentExit } from './agentChannel.ts';
import type { LostInvocation } from './openInvocations.ts';

/** A service that ended by itself; code -1: by a signal. */
export type ServiceExit = Omit<Extract<FromAgent, { type: 'exited' }>, 'type'>;

/** How it came that an agent hosts its workload no more. */
export interface AgentEnd {
  readonly reason: string;
  /** What it left unanswered. */
  readonly lost: readonly LostInvocation[];
  /** Set where it is the service that ended, and not the agent. */
  readonly exit: ServiceExit | undefined;
}

/** Why a version is gone where it was not ended for a limit. */
export function reasonOfEnd(
  exit: AgentExit | 'left',
  service: ServiceExit | undefined,
  lastWords: string,
): string {
  if (service !== undefined) return `the service ended (${how(service.code, service.signal)})`;
  if (exit === 'left') return 'the workload was stopped';
  const words = lastWords === '' ? '' : `: ${lastWords}`;
  return `the agent died (${how(exit.code, exit.signal)})${words}`;
}

const how = (code: number | null, signal: string | null | undefined) =>
  signal === null || signal === undefined ? `exit code ${code}` : `signal ${signal}`;
