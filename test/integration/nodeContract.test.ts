import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromCurveSeed } from '@nats-io/nkeys';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, afterEach, before, describe, it } from 'mocha';
import { z } from 'zod';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';
import {
  readConversation,
  readRecording,
  recordedError,
  type Exchange,
} from '../support/recording.ts';

/**
 * Plays conversations recorded from the real Nex 0.3.0-rc1 to our node and compares: `type` and `error` exactly, `data`
 * by members and their types, function replies by text.
 */
const scenarios = [
  'ping',
  'auction',
  'auction-refused',
  'wping',
  'info',
  'deploy-v8',
  'deploy-bad-request',
  'deploy-bad-type',
  'deploy-bad-trigger',
  'deploy-bad-environment',
  'deploy-bad-jwt',
  'deploy-bad-issuer',
  'deploy-bad-location-bucket',
  'deploy-bad-location-bucket-name',
  'deploy-bad-location-empty-key',
  'deploy-bad-location-key',
  'deploy-rejected-by-agent',
  'stop',
  'stop-unknown',
  'stop-refused',
  'stop-wrong-issuer',
  'invoke-ok',
  'invoke-return-values',
  'hostservices-kv',
  'native',
  'native-exit-0',
  'native-exit-3',
  'native-exit-signal',
  'deploy-native-cannot-start',
];

/** Where we mean to differ, by scenario and index of the exchange: the error we give instead, or why it is left out. */
const differences: Record<string, Record<number, { error: string } | { skip: string }>> = {
  'deploy-bad-trigger': {
    4: { skip: 'the recording node denied priv.* by configuration' },
    5: { skip: 'the recording node denied priv.* by configuration' },
    6: { skip: 'the recording node denied priv.* by configuration' },
  },
  'deploy-bad-environment': { 6: { skip: 'the text of Go’s JSON parser' } },
  'deploy-bad-location-bucket': { 1: { skip: 'a refused deploy does not wedge our node' } },
  'deploy-rejected-by-agent': {
    8: { skip: 'the 12288-byte limit is a warning here' },
  },
  'deploy-native-cannot-start': {
    0: {
      error:
        'Failed to deploy workload: workload rejected by agent: the file is neither an executable nor a script with a #! line',
    },
  },
  'invoke-return-values': {
    17: { skip: 'what cannot be sent is an error here, not an empty reply' },
    21: { skip: 'a Promise is awaited here' },
    23: { skip: 'what cannot be sent is an error here, not an empty reply' },
    24: { skip: 'what cannot be sent is an error here, not an empty reply' },
  },
  'hostservices-kv': { 1: { skip: 'compared below, bytes above 0x7F are not doubled here' } },
};

const deploySchema = z.looseObject({
  environment: z.string().nullish(),
  sender_public_key: z.string().nullish(),
});

/** All recordings were made with the same keys. */
const { keys } = readRecording('deploy-v8');

describe('a node answers as the real Nex 0.3.0-rc1 does', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let xkey: string;
  let issuer: SigningKey;
  before(async () => {
    const home = mkdtempSync(join(tmpdir(), 'nexdev-contract-'));
    mkdirSync(join(home, '.nex'));
    // The recorded requests are signed by this key: here it is the user's own.
    writeFileSync(join(home, '.nex', 'issuer.nk'), keys.issuerSeed, { mode: 0o600 });
    issuer = new SigningKey(keys.issuerSeed);
    node = await startTestNode([], home);
    connection = await node.connect();
    const control = new ControlClient(connection);
    xkey = (await control.ping(node.nodeId)).target_xkey;
  });

  after(() => node.stop());
  afterEach(stopAll);

  for (const scenario of scenarios) {
    it(scenario, async () => {
      const { exchanges, artifacts, keys: own } = readConversation(scenario);
      await store(artifacts);
      const ids = new Map<string, string>();
      for (const [index, exchange] of exchanges.entries()) {
        const difference = differences[scenario]?.[index];
        if (difference !== undefined && 'skip' in difference) continue;
        const where = `${scenario} #${index} ${exchange.label ?? ''}`;
        // Silence takes a moment to be sure of; an answer is awaited.
        const timeout = exchange.reply === null ? 250 : 5000;
        const reply = await play(exchange, ids, own?.nodeXkeyPublic, timeout);
        if (difference !== undefined) assert.equal(errorOf(reply), difference.error, where);
        else compare(exchange, reply, ids, where);
      }
    });
  }

  async function store(artifacts: Record<string, unknown>): Promise<void> {
    for (const [location, content] of Object.entries(artifacts)) {
      const [, bucket = '', key = ''] = /^nats:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
      const objects = await new Objm(connection).create(bucket);
      await objects.putBlob({ name: key }, Buffer.from(typeof content === 'string' ? content : ''));
    }
  }

  /** Sends what was sent then, to our node, with our ids and an environment sealed for it. */
  async function play(
    { subject, request }: Exchange,
    ids: Map<string, string>,
    nodeXkey: string | undefined,
    timeout: number,
  ) {
    const ours = withOurIds(subject.replace(/\.N[A-Z2-7]{55}$/, `.${node.nodeId}`), ids);
    const body = substitute(request, ids, nodeXkey);
    try {
      const reply = await connection.request(ours, body, { timeout });
      return reply.string();
    } catch {
      return undefined;
    }
  }

  function substitute(
    request: unknown,
    ids: Map<string, string>,
    nodeXkey: string | undefined,
  ): string | Uint8Array {
    if (typeof request === 'string') return request;
    // Bytes that are no text.
    const base64 = z.object({ base64: z.string() }).safeParse(request);
    if (base64.success) return Buffer.from(base64.data.base64, 'base64');
    let text = JSON.stringify(reseal(request, nodeXkey));
    // The recording node had a tag of its own; ours always has this one, of the same value.
    text = text.replace('"simple":', '"nex.unsafe":');
    return withOurIds(text, ids);
  }

  /** An environment that could be opened then must be readable now; one that could not stays as it was. */
  function reseal(request: unknown, nodeXkey: string | undefined): unknown {
    const deploy = deploySchema.safeParse(request);
    if (!deploy.success || deploy.data.sender_public_key !== keys.publisherXkeyPublic) {
      return request;
    }
    const plain = openRecorded(deploy.data.environment ?? '', nodeXkey);
    if (plain === null) return request;
    const environment = Buffer.from(publisher.seal(plain, xkey)).toString('base64');
    return { ...deploy.data, environment };
  }

  async function stopAll(): Promise<void> {
    const control = new ControlClient(connection);
    for (const namespace of ['default', 'Team']) {
      const { machines } = await control.info(namespace, node.nodeId);
      for (const { id, namespace: own = namespace } of machines) {
        await control.stop({ nodeId: node.nodeId, namespace: own, workloadId: id }, issuer);
      }
    }
  }
});

/** The text with the ids that our node gave to workloads. */
const withOurIds = (text: string, ids: Map<string, string>) =>
  [...ids].reduce((replaced, [theirs, own]) => replaced.replaceAll(theirs, own), text);

const publisher = fromCurveSeed(Buffer.from(keys.publisherXkeySeed));

/** The box is symmetric, so its sender can open it; without the recording node's key it was an empty environment. */
function openRecorded(environment: string, nodeXkey: string | undefined): Uint8Array | null {
  if (nodeXkey === undefined) return Buffer.from('{}');
  try {
    return publisher.open(Buffer.from(environment, 'base64'), nodeXkey);
  } catch {
    return null;
  }
}

const envelopeSchema = z.looseObject({ type: z.string(), error: z.string().optional() });

const errorOf = (reply: string | undefined) =>
  envelopeSchema.parse(JSON.parse(reply ?? '{}')).error;

function compare(
  { reply: recorded, replyText, subject }: Exchange,
  reply: string | undefined,
  ids: Map<string, string>,
  where: string,
): void {
  if (recorded === null) {
    assert.equal(reply, undefined, where);
    return;
  }
  assert.ok(reply !== undefined, `${where}: no reply`);
  if (!subject.startsWith('$NEX.')) {
    assert.equal(reply, replyText ?? recorded, where);
    return;
  }
  const own: unknown = JSON.parse(reply);
  const error = recordedError(recorded);
  assert.equal(comparableError(recordedError(own)), comparableError(error), where);
  assert.deepEqual(shapeOf(own), shapeOf(recorded), where);
  rememberId(recorded, own, ids);
}

/** What Go's JSON parser says about bad JSON is Go's own; that it is refused, and as what, is the contract. */
const comparableError = (error: string | undefined) =>
  error?.replace(/^(Unable to deserialize \w+ request): .*/s, '$1');

const nodesOwn = new Set(['tags', 'memory', 'supported_workload_types']);

/** Members and their types, of lists without regard to order; some are the node's own, and only ours warns. */
function shapeOf(value: unknown, name = ''): unknown {
  if (value === null || nodesOwn.has(name)) return name;
  // The real node lists its workloads in any order.
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(shapeOf(each))).sort();
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => member !== 'warnings')
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([member, inner]) => [member, shapeOf(inner, member)]),
  );
}

const runReplySchema = z.object({ data: z.object({ id: z.string() }) });

function rememberId(recorded: unknown, own: unknown, ids: Map<string, string>): void {
  const theirs = runReplySchema.safeParse(recorded).data?.data.id;
  const ours = runReplySchema.safeParse(own).data?.data.id;
  if (theirs !== undefined && ours !== undefined) ids.set(theirs, ours);
}
