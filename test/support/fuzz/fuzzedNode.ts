import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { createUser } from '@nats-io/nkeys';
import { connect, createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { after } from 'mocha';
import { ControlClient } from '../../../runtime/client/controlClient.ts';
import { DevClient } from '../../../runtime/client/devClient.ts';
import { devrun } from '../../../runtime/client/devrun.ts';
import { readKeys, type Keys } from '../../../runtime/client/keys.ts';
import { sealEnvironment } from '../../../runtime/protocol/environmentSeal.ts';
import { nodeFileSchema } from '../../../runtime/protocol/nodeFile.ts';
import { SigningKey } from '../../../runtime/protocol/signingKey.ts';
import { startConfiguredServer } from '../configuredServer.ts';
import { isolatedEnvironment } from '../devNode.ts';
import { createIssuer } from '../issuers.ts';
import { NexdevProcess } from '../nexdev.ts';
import { ClaimsForge } from './claims.ts';
import { listEndpoints, type Endpoint } from './endpoints.ts';
import { more, readHoldings, type Holdings } from './holdings.ts';
import { buildMessage, type FuzzMessage, type Surroundings } from './messages.ts';
import { RawConnection } from './rawConnection.ts';
import type { Recipe } from './recipes.ts';
import { judge, maybeSilent } from './verdict.ts';

/** A user of the server, and one who sees its connections. */
const accounts = `accounts: {
    SYSTEM: { users: [{ user: watch, password: watch }] }
    SHARED: { jetstream: enabled, users: [{ user: fuzz, password: fuzz }] }
  }
  system_account: SYSTEM`;

const stream = 'FUZZ';
/** Replaced versions, and files that were open for them, go within seconds. */
const settleMs = 20_000;
const replyMs = 15_000;
const victim = { file: 'victim.js', subject: 'fuzz.victim' };

/** A node that has joined a NATS, somebody there who sends it anything, and what can be seen of it from outside. */
export class FuzzedNode {
  readonly #process: NexdevProcess;
  readonly #connection: NatsConnection;
  readonly #raw: RawConnection;
  readonly #watcher: NatsConnection;
  readonly #keys: Keys;
  readonly #nodeId: string;
  readonly #pid: number;
  readonly #victim: string;
  readonly #replies: Replies;
  readonly #around: Omit<Surroundings, 'workloadId'>;
  readonly #readyText: string;
  #workloadId = '';

  private constructor(parts: Parts, endpoints: readonly Endpoint[], xkey: string) {
    const { keys } = parts;
    this.#process = parts.process;
    this.#connection = parts.connection;
    this.#raw = parts.raw;
    this.#watcher = parts.watcher;
    this.#keys = keys;
    this.#nodeId = parts.nodeId;
    this.#pid = parts.pid;
    this.#victim = parts.victim;
    this.#readyText = parts.process.printed;
    this.#replies = new Replies(parts.connection);
    const environment = sealEnvironment({ A: 'b' }, keys.publisher, xkey);
    this.#around = {
      endpoints,
      forge: new ClaimsForge({
        owner: keys.issuer,
        stranger: createIssuer(),
        user: new SigningKey(Buffer.from(createUser().getSeed()).toString()),
      }),
      maxPayload: parts.connection.info?.max_payload ?? 1024 * 1024,
      artifact: 'victimjs',
      stream,
      seal: () => ({ environment, sender: keys.publisher.getPublicKey() }),
    };
  }

  static async start(isFuzzed: (endpoint: Endpoint) => boolean): Promise<FuzzedNode> {
    const parts = await startParts();
    const { target_xkey } = await new ControlClient(parts.connection).ping(parts.nodeId);
    const node = new FuzzedNode(parts, listEndpoints(parts.nodeId).filter(isFuzzed), target_xkey);
    await node.#ensureVictim();
    return node;
  }

  /** Sends one message and judges what comes of it. */
  async fuzz(recipe: Recipe): Promise<void> {
    const message = buildMessage(recipe, { ...this.#around, workloadId: this.#workloadId });
    const { inbox, reply } = this.#replies.expect();
    this.#raw.send(message, message.wantsReply ? inbox : '');
    await this.#raw.flush();
    await this.#control.ping(this.#nodeId);
    if (isAnswered(recipe, message)) judge(message.endpoint, await inTime(reply));
    else if (message.wantsReply) this.#replies.judgeIfThere(inbox, message.endpoint);
    if (mayHaveEffect(message.endpoint)) await this.#ensureVictim();
  }

  /** The reply of the workload that runs there. */
  async askVictim(payload: string): Promise<string> {
    return (await this.#connection.request(victim.subject, payload, { timeout: 20_000 })).string();
  }

  /** What the node has printed since it was ready. */
  get printed(): string {
    return this.#process.printed.slice(this.#readyText.length);
  }

  /** 0 where the system does not tell. */
  get residentMb(): number {
    if (process.platform !== 'linux') return 0;
    const status = readFileSync(`/proc/${this.#pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  /** What it holds once it has no more than `expected`, or after a while; at first, once its next agent is ready. */
  async settle(expected?: Holdings): Promise<Holdings> {
    const deadline = Date.now() + settleMs;
    for (;;) {
      // A deploy whose reply nobody awaits may have got in just now.
      await this.#ensureVictim();
      // From its first replay on, a workload has an inbox; this one may be new.
      await this.#dev.replay({ workload: this.#workloadId, stream, seq: 1 });
      const holdings = await readHoldings(this.#pid, this.#watcher);
      const { available_agents: ready } = await this.#control.info('default', this.#nodeId);
      const isSettled = expected === undefined || more(holdings, expected).length === 0;
      if ((isSettled && ready === 1 && holdings.processes === 2) || Date.now() > deadline) {
        return holdings;
      }
      await pause(100);
    }
  }

  get #control(): ControlClient {
    return new ControlClient(this.#connection, { timeoutMs: 15_000 });
  }

  get #dev(): DevClient {
    return new DevClient(this.#connection, this.#keys.issuer, this.#nodeId);
  }

  /** Whatever got in is stopped; the one workload that requests name runs. */
  async #ensureVictim(): Promise<void> {
    const workloads = await this.#dev.workloads();
    for (const { id, namespace } of workloads) {
      if (id === this.#workloadId) continue;
      const address = { nodeId: this.#nodeId, namespace, workloadId: id };
      await this.#control.stop(address, this.#keys.issuer);
    }
    if (workloads.some(({ id }) => id === this.#workloadId)) return;
    const { workloadId } = await devrun({
      connection: this.#connection,
      keys: this.#keys,
      file: this.#victim,
      nodeId: this.#nodeId,
      triggerSubjects: [victim.subject],
    });
    this.#workloadId = workloadId;
  }
}

interface Parts {
  readonly process: NexdevProcess;
  readonly connection: NatsConnection;
  readonly raw: RawConnection;
  readonly watcher: NatsConnection;
  readonly keys: Keys;
  readonly nodeId: string;
  readonly pid: number;
  readonly victim: string;
}

async function startParts(): Promise<Parts> {
  const url = await startConfiguredServer(accounts);
  const home = mkdtempSync(join(tmpdir(), 'nexdev-fuzz-'));
  const environment = isolatedEnvironment(home);
  const flags = ['--server', url, '--user', 'fuzz', '--password', 'fuzz'];
  const process = new NexdevProcess(['up', '--json', ...flags], environment);
  const [, nodeId = ''] = await process.waitFor(/"node":"(N\w+)"\}\n/);
  const connection = await connect({ servers: url, user: 'fuzz', pass: 'fuzz' });
  const watcher = await connect({ servers: url, user: 'watch', pass: 'watch' });
  const raw = await RawConnection.open(url, 'fuzz', 'fuzz');
  after(async () => {
    raw.close();
    await Promise.all([connection.close(), watcher.close()]);
    await process.interrupt();
    rmSync(home, { recursive: true, force: true });
  });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: stream, subjects: ['stored.*'] });
  await jetstream(connection).publish('stored.one', 'one');
  const keys = await readKeys(join(home, '.nex'));
  const victimFile = join(home, victim.file);
  writeFileSync(victimFile, '(subject, payload) => payload.length');
  return {
    process,
    connection,
    raw,
    watcher,
    keys,
    nodeId,
    pid: pidOf(home),
    victim: victimFile,
  };
}

function pidOf(home: string): number {
  const nodes = join(home, 'run', 'nodes');
  const [name = ''] = readdirSync(nodes);
  return nodeFileSchema.parse(JSON.parse(readFileSync(join(nodes, name), 'utf8'))).pid;
}

async function inTime<T>(reply: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no reply within ${replyMs} ms`)), replyMs);
  return Promise.race([reply, late]).finally(() => clearTimeout(timer));
}

/** Gives each message a reply subject of its own. */
class Replies {
  readonly #prefix = createInbox();
  readonly #waiting = new Map<string, (reply: Msg) => void>();
  readonly #arrived = new Map<string, Msg>();
  #count = 0;

  constructor(connection: NatsConnection) {
    connection.subscribe(`${this.#prefix}.*`, {
      callback: (_error, reply) => {
        this.#arrived.clear();
        this.#arrived.set(reply.subject, reply);
        this.#waiting.get(reply.subject)?.(reply);
        this.#waiting.delete(reply.subject);
      },
    });
  }

  expect(): { inbox: string; reply: Promise<Msg> } {
    const inbox = `${this.#prefix}.${(this.#count += 1)}`;
    const { promise, resolve } = Promise.withResolvers<Msg>();
    this.#waiting.clear();
    this.#waiting.set(inbox, resolve);
    return { inbox, reply: promise };
  }

  judgeIfThere(inbox: string, endpoint: Endpoint): void {
    const reply = this.#arrived.get(inbox);
    if (reply !== undefined) judge(endpoint, reply);
  }
}

const isAnswered = ({ namespace, moreTokens }: Recipe, { endpoint, wantsReply }: FuzzMessage) =>
  wantsReply && moreTokens.length === 0 && namespace === 'default' && !maybeSilent(endpoint);

const mayHaveEffect = ({ api, name }: Endpoint) =>
  api === 'control' && (name === 'deploy' || name === 'stop');
