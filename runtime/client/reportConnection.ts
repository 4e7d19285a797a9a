import { errors, type NatsConnection } from '@nats-io/transport-node';
import { watchConnection } from '../protocol/connectionReports.ts';
import { describeError, type NexError } from '../protocol/nexError.ts';

/**
 * Says when NATS goes and comes back, until the connection is closed: who follows something is silent for both reasons.
 * `permissions`: of which subjects it also says that NATS does not permit them, which nobody is told who publishes or subscribes.
 */
export async function reportConnection(
  connection: NatsConnection,
  tell: (text: string) => void,
  { permissions = () => false }: { permissions?: (subject: string) => boolean } = {},
): Promise<void> {
  const server = connection.getServer();
  for await (const report of watchConnection(connection)) {
    if (report.type === 'lost') {
      tell(`NATS at ${server} has gone. Waiting for it to come back there; Ctrl-C ends this.`);
    } else if (report.type === 'back') tell(`NATS at ${server} is back.`);
    else if (isTold(report.error, permissions)) tell(describeError(report.error));
  }
}

const isTold = ({ cause }: NexError, permissions: (subject: string) => boolean): boolean =>
  !(cause instanceof errors.PermissionViolationError) || permissions(cause.subject);
