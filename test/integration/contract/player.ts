import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromCurveSeed } from '@nats-io/nkeys';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { ControlClient } from '../../../runtime/client/controlClient.ts';
import type { DeployExtension } from '../../../runtime/protocol/controlApi.ts';
import { SigningKey } from '../../../runtime/protocol/signingKey.ts';
import { startTestNode, type TestNode } from '../../support/devNode.ts';
import { postponed } from '../../support/postponedClaims.ts';
import { hearAll, workloadOf, type Publication } from './publications.ts';
import { readRecording, type Conversation, type Exchange } from '../../support/recording.ts';

/** All recordings were made with the same keys. */
const { keys } = readRecording('deploy-v8');

const deploySchema = z.looseObject({
  environment: z.string().nullish(),
  sender_public_key: z.string().nullish(),
  workload_jwt: z.string().nullish(),
});

/** Sends recorded requests to a node of ours, with its ids and environments sealed for it. */
export class Player {
  readonly #node: TestNode;
  readonly #connection: NatsConnection;
  readonly #xkey: string;
  readonly #heard: readonly Publication[];
  /** Ids of workloads: then and now. */
  readonly #ids = new Map<string, string>();

  private constructor(
    node: TestNode,
    connection: NatsConnection,
    xkey: string,
    heard: readonly Publication[],
  ) {
    this.#heard = heard;
    this.#node = node;
    this.#connection = connection;
    this.#xkey = xkey;
  }

  /** On a node with this configuration, whose user has the key that signed the recorded requests. */
  static async start(config: object): Promise<Player> {
    const home = mkdtempSync(join(tmpdir(), 'nexdev-contract-'));
    mkdirSync(join(home, '.nex'));
    writeFileSync(join(home, '.nex', 'issuer.nk'), keys.issuerSeed, { mode: 0o600 });
    const file = join(home, 'node.json');
    writeFileSync(file, JSON.stringify(config));
    const node = await startTestNode(['--config', file], home);
    const connection = await node.connect();
    const heard = await hearAll(connection);
    const { target_xkey } = await new ControlClient(connection).ping(node.nodeId);
    return new Player(node, connection, target_xkey, heard);
  }

  stop(): Promise<void> {
    return this.#node.stop();
  }

  async store(artifacts: Conversation['artifacts']): Promise<void> {
    for (const [location, content] of Object.entries(artifacts)) {
      const [, bucket = '', key = ''] = /^nats:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
      const objects = await new Objm(this.#connection).create(bucket);
      await objects.putBlob({ name: key }, bytesOf(content));
    }
  }

  /** The reply; undefined where none comes. */
  async play(
    exchange: Exchange,
    { nodeXkey, timeout, extension }: PlayOptions,
  ): Promise<string | undefined> {
    const subject = exchange.subject.replace(/\.N[A-Z2-7]{55}$/, `.${this.#node.nodeId}`);
    const request = extended(exchange.request, extension);
    const reply = await this.#connection
      .request(this.#withOurIds(subject), this.#substitute(request, nodeXkey), { timeout })
      .catch(() => undefined);
    if (reply !== undefined) this.#remember(exchange.reply, reply.string());
    return reply?.string();
  }

  /** All that was published so far by the workloads of these exchanges, and by the node of itself; it has a test of its own for its heartbeats. */
  async published(exchanges: readonly Exchange[]): Promise<Publication[]> {
    // What the node published before it answers is heard before its answer; a lame duck may have ended.
    const control = new ControlClient(this.#connection);
    // One that ends leaves NATS first: nobody answers, and then its process is gone.
    await control.ping(this.#node.nodeId).catch(() => this.#node.exited);
    const theirs = exchanges.map(({ reply }) => runReplySchema.safeParse(reply).data?.data.id);
    const ids = theirs.flatMap((id) => this.#ids.get(id ?? '') ?? []);
    return this.#heard.filter((each) => {
      const workload = workloadOf(each);
      return workload === undefined ? !each.subject.endsWith('.heartbeat') : ids.includes(workload);
    });
  }

  async stopAll(): Promise<void> {
    const control = new ControlClient(this.#connection);
    const issuer = new SigningKey(keys.issuerSeed);
    const { nodeId } = this.#node;
    for (const namespace of ['default', 'Team']) {
      const { machines } = await control.info(namespace, nodeId);
      for (const { id, namespace: own = namespace } of machines) {
        await control.stop({ nodeId, namespace: own, workloadId: id }, issuer);
      }
    }
  }

  #substitute(request: unknown, nodeXkey: string | undefined): string | Uint8Array {
    if (typeof request === 'string') return request;
    if (base64Schema.safeParse(request).success) return bytesOf(request);
    return this.#withOurIds(JSON.stringify(postpone(this.#reseal(request, nodeXkey))));
  }

  #withOurIds(text: string): string {
    return [...this.#ids].reduce(
      (replaced, [theirs, own]) => replaced.replaceAll(theirs, own),
      text,
    );
  }

  /** An environment that could be opened then must be readable now; one that could not stays as it was. */
  #reseal(request: unknown, nodeXkey: string | undefined): unknown {
    const deploy = deploySchema.safeParse(request);
    if (!deploy.success || deploy.data.sender_public_key !== keys.publisherXkeyPublic) {
      return request;
    }
    const plain = openRecorded(deploy.data.environment ?? '', nodeXkey);
    if (plain === null) return request;
    const environment = Buffer.from(publisher.seal(plain, this.#xkey)).toString('base64');
    return { ...deploy.data, environment };
  }

  #remember(recorded: unknown, reply: string): void {
    const theirs = runReplySchema.safeParse(recorded).data?.data.id;
    if (theirs === undefined) return;
    const ours = runReplySchema.safeParse(JSON.parse(reply)).data?.data.id;
    if (ours !== undefined) this.#ids.set(theirs, ours);
  }
}

interface PlayOptions {
  /** That of the recording node, where it is known. */
  readonly nodeXkey: string | undefined;
  /** How long in ms to wait for a reply. */
  readonly timeout: number;
  /** For deploy requests. */
  readonly extension: DeployExtension | undefined;
}

const extended = (request: unknown, extension: DeployExtension | undefined): unknown =>
  extension !== undefined && deploySchema.safeParse(request).data?.workload_jwt !== undefined
    ? { ...deploySchema.parse(request), nexdev: extension }
    : request;

/** With a token that is not valid yet, now as then. */
function postpone(request: unknown): unknown {
  const deploy = deploySchema.safeParse(request).data;
  const token = deploy?.workload_jwt ?? '';
  const renewed = postponed(token, keys.issuerSeed);
  return renewed === token ? request : { ...deploy, workload_jwt: renewed };
}

const base64Schema = z.object({ base64: z.string() });

/** Recorded bytes: text, or base64 where they are none. */
function bytesOf(content: unknown): Uint8Array {
  const { data } = base64Schema.safeParse(content);
  if (data !== undefined) return Buffer.from(data.base64, 'base64');
  return Buffer.from(typeof content === 'string' ? content : '');
}

const runReplySchema = z.object({ data: z.object({ id: z.string() }) });

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
