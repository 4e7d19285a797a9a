import type { NatsConnection } from '@nats-io/transport-node';
import { watchConnection } from '../protocol/connectionReports.ts';
import type { WorkloadPublisher } from './workloadPublisher.ts';

/** What NATS refuses a function, until `signal`: a publication that is not permitted fails nowhere else. */
export async function logRefusals(
  connection: NatsConnection,
  publisher: WorkloadPublisher,
  signal: AbortSignal,
): Promise<void> {
  for await (const report of watchConnection(connection)) {
    if (signal.aborted) return;
    if (report.type === 'refused') publisher.log('WARN', report.error.message);
  }
}
