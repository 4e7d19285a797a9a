import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { z } from 'zod';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';
import { atRecordedServer, startRecordedServer } from '../../support/recordedHttpServer.ts';
import { readConversation, type Exchange } from '../../support/recording.ts';
import { Outcomes } from './outcomes.ts';
import { silence, type Outcome } from './row.ts';

const deploySchema = z.looseObject({
  trigger_subjects: z.array(z.string()),
  location: z.looseObject({ Path: z.string() }),
});

/** What differs from run to run, in the texts that these functions make of it. */
const volatile: readonly [RegExp, string][] = [
  [/"nuid":"\w+"/g, '"nuid":""'],
  [/"mtime":"[^"]+"/g, '"mtime":""'],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1'],
];

/** Calls, by their place in the recording, that end otherwise here, and why. */
const deviations: Record<string, { reason: string; replies: Record<number, string> }> = {
  'invoke-timeout': { reason: 'a wedge of the agent is not imitated', replies: { 2: '"ok"' } },
  'hostservices-directly-after-deploy': {
    reason: 'host services are there once a function is deployed',
    replies: { 0: '["bin"]', 1: '["bin"]' },
  },
  'hostservices-disabled': {
    reason:
      'no host service is ever disabled here: what a development node would refuse cannot be tried',
    replies: {
      0: JSON.stringify([
        [],
        { thrown: 'Error: failed to list objects (500)', type: 'string' },
        {
          thrown:
            'Error: Get "http://127.0.0.1:1//": dial tcp 127.0.0.1:1: connect: connection refused (500)',
          type: 'string',
        },
        '(undefined)',
      ]),
    },
  },
};

/** Recorded functions called again, in `strict`: each must end as it did on the real node, or say why not. */
describe('recordings of the real Nex 0.3.0-rc1', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let outcomes: Outcomes;
  let server: string;

  before(async () => {
    ({ node, connection } = await startConnectedNode());
    outcomes = new Outcomes(connection);
    server = await startRecordedServer();
    connection.subscribe('recm.echo', {
      callback: (_, message) => void message.respond(message.data),
    });
  });
  after(() => node.stop());

  const scenarios = [
    'invoke-ok',
    'invoke-return-values',
    'invoke-throws',
    'invoke-timeout',
    'hostservices-kv',
    // After the other, whose bucket it looks into.
    'hostservices-directly-after-deploy',
    'hostservices-disabled',
    'hostservices-objectstore',
    'hostservices-messaging',
    'hostservices-http',
  ];
  for (const scenario of scenarios) {
    const reason = deviations[scenario]?.reason;
    it(reason === undefined ? scenario : `${scenario} (${reason})`, async () => {
      const { exchanges, artifacts } = readConversation(scenario);
      const triggers = await deployAll(scenario, exchanges, artifacts);
      const calls = exchanges.filter(({ subject }) => !subject.startsWith('$'));
      // One after another, as they were sent; silence need not be waited for.
      const ends: Promise<Outcome>[] = [];
      for (const { subject, request, reply } of calls) {
        const end = outcomes.of(subject, messageOf(request), triggerOf(subject, triggers));
        ends.push(end);
        if (reply !== null && scenario !== 'invoke-throws') await end;
      }
      const ended = await Promise.all(ends);
      for (const [index, call] of calls.entries()) {
        const deviation = deviations[scenario]?.replies[index];
        const recorded = call.reply === null ? silence : (call.replyText ?? call.reply);
        const where = `${call.subject} #${index} ${call.label ?? ''}`;
        assert.deepEqual(comparable(ended[index]), comparable(deviation ?? recorded), where);
      }
    });
  }

  async function deployAll(
    scenario: string,
    exchanges: readonly Exchange[],
    artifacts: Record<string, unknown>,
  ): Promise<string[]> {
    const deployed: string[] = [];
    for (const { subject, request } of exchanges) {
      if (!subject.startsWith('$NEX.DEPLOY.')) continue;
      const { trigger_subjects: subjects, location } = deploySchema.parse(request);
      const source = atRecordedServer(String(artifacts[`nats://REC${location.Path}`]), server);
      const file = `${scenario}${location.Path.slice(1)}.js`;
      const extension = { options: { mode: 'strict' }, replace: false } as const;
      await deployFunction(node, connection, { file, source, subjects, extension });
      deployed.push(...subjects);
    }
    return deployed;
  }
});

const messageOf = (request: unknown): string | Uint8Array => {
  const { success, data } = z.object({ base64: z.string() }).safeParse(request);
  if (success) return Buffer.from(data.base64, 'base64');
  return typeof request === 'string' ? request : JSON.stringify(request);
};

/** The registered subject that a concrete one falls under. */
const triggerOf = (subject: string, triggers: readonly string[]) =>
  triggers.find((trigger) => {
    const pattern = trigger.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+');
    return new RegExp(`^${pattern}$`).test(subject);
  }) ?? subject;

/** JSON as values, since some members have no fixed order. */
function comparable(outcome: unknown): unknown {
  if (typeof outcome !== 'string') return outcome;
  const text = volatile.reduce(
    (each, [pattern, stable]) => each.replaceAll(pattern, stable),
    outcome,
  );
  try {
    return JSON.parse(text);
  } catch {
    // The word `undefined` is none.
    return text;
  }
}
