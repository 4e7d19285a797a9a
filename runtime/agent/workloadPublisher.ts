import type { NatsConnection } from '@nats-io/transport-node';
import type { AgentWorkload } from '../protocol/agentPipe.ts';
import { createCloudEvent, eventSubject } from '../protocol/events.ts';
import { cutErrorText } from '../protocol/serviceErrors.ts';
import { maxPayload } from './maxPayload.ts';
import { logSubject, type LogEntry, type LogLevel } from '../protocol/logs.ts';

/** Publishes one workload's log lines and function events, in Nex's shapes (`internal/node/workload_mgr_events.go`). */
export class WorkloadPublisher {
  readonly #connection: NatsConnection;
  readonly #workload: AgentWorkload;
  readonly #logSubject: string;

  constructor(connection: NatsConnection, workload: AgentWorkload) {
    this.#connection = connection;
    this.#workload = workload;
    this.#logSubject = logSubject(workload.namespace, workload.nodeId, workload.id);
  }

  log(
    level: LogLevel,
    text: string,
    more: Pick<LogEntry, 'console' | 'stderr' | 'source' | 'invocation' | 'code'> = {},
  ): LogEntry {
    const entry: LogEntry = { text, level, id: this.#workload.id, ...more };
    this.#publish(this.#logSubject, { ...entry, workload: this.#workload.name });
    return entry;
  }

  succeeded(trigger: string, elapsedNanos: number): void {
    this.#event('function_exec_succeeded', {
      trigger_subject: trigger,
      elapsed_nanos: elapsedNanos,
    });
    this.log('DEBUG', `Function ${this.#workload.name} execution succeeded (${elapsedNanos}ns)`);
  }

  failed(trigger: string, error: string): void {
    this.#event('function_exec_failed', {
      trigger_subject: trigger,
      error: cutErrorText(error),
    });
    this.log('ERROR', 'Function execution failed');
  }

  #event(type: 'function_exec_succeeded' | 'function_exec_failed', more: object): void {
    const { id, name, namespace, nodeId } = this.#workload;
    const data = { workload_id: id, workload_name: name, namespace, ...more };
    this.#publish(eventSubject(namespace, type), createCloudEvent(type, nodeId, data));
  }

  /** A line over the server's limit is cut rather than lost, and never takes the invocation with it. */
  #publish(subject: string, body: object): void {
    if (this.#connection.isClosed()) return;
    const text = JSON.stringify(body);
    const limit = maxPayload(this.#connection);
    if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) {
      this.#connection.publish(subject, text);
    } else if ('text' in body && typeof body.text === 'string') {
      const room = Math.floor(limit / 8);
      this.#publish(subject, { ...body, text: `${body.text.slice(0, room)}… (cut)` });
    }
  }
}
