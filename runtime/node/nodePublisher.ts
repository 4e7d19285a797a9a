import type { NatsConnection } from '@nats-io/transport-node';
import { errorReply } from '../protocol/errorReply.ts';
import {
  createCloudEvent,
  eventSubject,
  systemNamespace,
  type EventType,
} from '../protocol/events.ts';
import { logSubject, type LogLevel } from '../protocol/logs.ts';
import type { LostInvocation } from '../workloads/openInvocations.ts';
import type { ServiceExit } from '../workloads/agentEnd.ts';
import type { Workload, WorkloadObserver } from '../workloads/workload.ts';
import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';

/** Publishes what the node has to say: its own events, and those of workloads that cannot speak for themselves. */
export class NodePublisher implements WorkloadObserver {
  readonly #connection: NatsConnection;
  readonly #nodeId: string;

  constructor(connection: NatsConnection, nodeId: string) {
    this.#connection = connection;
    this.#nodeId = nodeId;
  }

  nodeEvent(type: EventType, data: Record<string, unknown>): void {
    this.#publish(eventSubject(systemNamespace, type), createCloudEvent(type, this.#nodeId, data));
  }

  deployed({ definition }: Workload): void {
    const { id, name, namespace, totalBytes, essential } = definition;
    const data = {
      code: 0,
      workload_id: id,
      workload_name: name,
      essential,
      total_bytes: totalBytes,
    };
    const event = createCloudEvent('workload_deployed', `${this.#nodeId}-${id}`, data, namespace);
    this.#publish(eventSubject(namespace, 'workload_deployed'), event);
    this.#log(definition, 'INFO', `Workload ${name} deployed`);
  }

  undeployed({ definition }: Workload, reason: string): void {
    const { id, name, namespace } = definition;
    const data = { workload_id: id, workload_name: name, reason };
    const event = createCloudEvent('workload_undeployed', this.#nodeId, data);
    this.#publish(eventSubject(namespace, 'workload_undeployed'), event);
    this.#log(definition, 'DEBUG', 'Workload undeployed');
  }

  invocationLost({ definition }: Workload, lost: LostInvocation): void {
    const { id, name, namespace, type } = definition;
    if (lost.trigger !== undefined) {
      const data = {
        workload_id: id,
        workload_name: name,
        namespace,
        trigger_subject: lost.trigger,
        error: lost.text,
      };
      const event = createCloudEvent('function_exec_failed', this.#nodeId, data);
      this.#publish(eventSubject(namespace, 'function_exec_failed'), event);
    }
    this.#log(definition, 'ERROR', `${type} execution failed with error: ${lost.text}`);
    this.#log(definition, 'ERROR', 'Function execution failed');
    if (lost.reply !== undefined) this.#answer(lost.reply, lost);
  }

  /** Two events, as on Nex: the agent's, with the exit code, and the node's. */
  serviceExited(workload: Workload, { code, signal }: ServiceExit, reason: string): void {
    const { definition } = workload;
    const { id, name, namespace } = definition;
    const data = {
      code,
      message: `Exited workload: ${name}; vm: ${id}; status: ${code}`,
      workload_id: id,
      workload_name: name,
    };
    const event = createCloudEvent('workload_undeployed', `${this.#nodeId}-${id}`, data, namespace);
    this.#publish(eventSubject(namespace, 'workload_undeployed'), event);
    const how = code === 0 ? '' : ` (${signal ?? `exit code ${code}`})`;
    this.#log(definition, code === 0 ? 'INFO' : 'ERROR', `Workload ${name} exited${how}`);
    this.undeployed(workload, reason);
  }

  agentDied(workload: Workload, reason: string): void {
    this.undeployed(workload, reason);
  }

  restarting({ definition }: Workload, reason: string, restartInMs: number): void {
    this.#log(definition, 'ERROR', `${reason}; it is started again in ${restartInMs} ms`);
  }

  agentRestarted(workload: Workload): void {
    this.deployed(workload);
  }

  #answer(reply: string, { kind, text }: LostInvocation): void {
    if (this.#connection.isClosed()) return;
    const { body, headers } = errorReply(kind, text);
    this.#connection.publish(reply, body, { headers });
  }

  /** With the name, as an agent's lines have it: when they are read, the workload may be gone. */
  #log({ namespace, id, name }: WorkloadDefinition, level: LogLevel, text: string): void {
    const subject = logSubject(namespace, this.#nodeId, id);
    this.#publish(subject, { text, level, id, workload: name });
  }

  #publish(subject: string, body: object): void {
    if (!this.#connection.isClosed()) this.#connection.publish(subject, JSON.stringify(body));
  }
}
