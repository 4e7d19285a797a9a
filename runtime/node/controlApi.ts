import { errors, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { controlSubjects, replyTypeName, type ReplyType } from '../protocol/controlApi.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { errorText } from '../protocol/nexError.ts';
import { cutErrorText } from '../protocol/serviceErrors.ts';
import type { WorkloadRegistry } from '../workloads/workloadRegistry.ts';
import { deploy, type DeployContext } from './deployRequests.ts';
import type { NodeReports } from './nodeReports.ts';
import { stop } from './stopRequests.ts';

/** Data of a reply; undefined keeps silent. */
type Handler = (message: Msg, namespace: string) => Promise<unknown>;

/** Serves `$NEX.*`: plain subscriptions without a queue group, so that every node answers. Throws where NATS refuses one. */
export async function serveControlApi(
  connection: NatsConnection,
  nodeId: string,
  reports: NodeReports,
  registry: WorkloadRegistry,
  context: DeployContext,
): Promise<void> {
  const refusals: Error[] = [];
  const serve = (subject: string, type: ReplyType, handler: Handler) => {
    connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) void answer(message, type, handler);
        else refusals.push(error);
      },
    });
  };
  const ping = () => Promise.resolve(reports.ping());

  serve(controlSubjects.auction, 'auction_response', (message) =>
    Promise.resolve(reports.bid(textOf(message))),
  );
  serve(controlSubjects.pingAll, 'ping_response', ping);
  serve(controlSubjects.ping(nodeId), 'ping_response', ping);
  serve(`${controlSubjects.pingWorkloads}.>`, 'ping_response', (message, namespace) => {
    const [reference = ''] = message.subject.split('.').slice(3);
    return Promise.resolve(reports.pingWorkloads(namespace, reference));
  });
  serve(controlSubjects.info('*', nodeId), 'info_response', (_, namespace) =>
    reports.info(namespace),
  );
  serve(controlSubjects.deploy('*', nodeId), 'run_response', (message, namespace) =>
    deploy(context, namespace, textOf(message)),
  );
  serve(controlSubjects.stop('*', nodeId), 'stop_response', (message, namespace) =>
    stop(registry, context.lifecycle, namespace, textOf(message)),
  );
  serve(controlSubjects.lameDuck(nodeId), 'lameduck_response', (message) =>
    Promise.resolve(context.lameDuck.enter({ ends: context.mayEnd(message) })),
  );
  // The server refuses before it answers this.
  await connection.flush();
  const [refusal] = refusals;
  if (refusal !== undefined) throw explainNats(refusal);
}

/** As `string` of a message, but with a byte order mark, which Go's JSON does not take. */
const textOf = ({ data }: Msg): string => Buffer.from(data).toString();

async function answer(message: Msg, type: ReplyType, handler: Handler): Promise<void> {
  const namespace = message.subject.split('.')[2] ?? '';
  let envelope: object;
  try {
    const data = await handler(message, namespace);
    if (data === undefined) return;
    envelope = { type: replyTypeName(type), data };
  } catch (error) {
    envelope = { type: replyTypeName(type), data: '', error: cutErrorText(errorText(error)) };
  }
  respond(message, type, envelope);
}

function respond(message: Msg, type: ReplyType, envelope: object): void {
  try {
    message.respond(goJson(envelope));
  } catch (error) {
    // Larger than the server takes, or the connection has ended meanwhile: then nobody hears this either.
    if (!(error instanceof errors.InvalidArgumentError)) return;
    const text = `The answer is larger than this NATS server takes: ${errorText(error)}`;
    message.respond(goJson({ type: replyTypeName(type), data: '', error: text }));
  }
}

/** Go's encoder escapes what could end a script element; clients may compare bytes. */
const goJson = (value: object) =>
  JSON.stringify(value).replaceAll(
    /[<>&]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
