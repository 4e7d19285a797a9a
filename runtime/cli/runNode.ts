import { join } from 'node:path';
import { listNodeFiles } from '../client/nodeFiles.ts';
import { readTarget } from '../client/connectNats.ts';
import { startNatsServer, type RunningNatsServer } from '../nats-server/startNatsServer.ts';
import { readNodeConfig, type NodeConfig } from '../node/nodeConfig.ts';
import { startNode, type RunningNode } from '../node/startNode.ts';
import { NexError } from '../protocol/nexError.ts';
import { dataDirectory } from './dataDirectory.ts';
import type { VerbOptions } from './verb.ts';

export interface NodeFlags extends VerbOptions {
  port?: number;
  storeDir?: string;
  natsServer?: string;
  nodeName?: string;
  allowNative?: true;
  allowIssuer?: string[];
  config?: string;
}

export interface NodeRun {
  node: RunningNode;
  /** The server that was started for it; undefined where it joined one. */
  server: RunningNatsServer | undefined;
  /**
   * Resolves with the reason once both have ended: in order (`stop`, a lease that ran out), or, with a NexError, because
   * the server died.
   */
  ended: Promise<string>;
  /** Ends the node, then the server. Idempotent. */
  stop: () => Promise<void>;
}

interface NodeListener {
  /** How far the start of a server has come. */
  onProgress: (text: string) => void;
  /** What the user should know, and need do nothing about. */
  onNotice: (text: string) => void;
  signal: AbortSignal;
}

/** Starts a nats-server and a node on it, or a node on the NATS that the flags name. */
export async function runNode(
  flags: NodeFlags,
  startedBy: 'terminal' | 'lease',
  { onProgress, onNotice, signal }: NodeListener,
): Promise<NodeRun> {
  const chosen = {
    ...(flags.nodeName === undefined ? {} : { nodeName: flags.nodeName }),
    allowedIssuers: flags.allowIssuer ?? [],
    ...(flags.config === undefined ? {} : { config: await readConfig(flags.config, onNotice) }),
  };
  // Flags only: a NATS_URL in the environment is for those who look for a server, not for one who starts it.
  if (flags.server !== undefined || flags.context !== undefined) {
    refuseServerFlags(flags);
    const node = await startNode({
      ...chosen,
      ...(await readTarget(flags)),
      startedBy,
      ownsServer: false,
      onNotice,
      ...(flags.allowNative === true ? { allowNative: true } : {}),
    });
    return supervise(node, undefined);
  }
  if (flags.storeDir === undefined) await refuseSecond();
  const server = await startNatsServer({
    port: flags.port,
    storeDirectory: flags.storeDir ?? join(dataDirectory(), 'store'),
    serverPath: flags.natsServer,
    onProgress,
    signal,
  });
  try {
    const { url, pid, storeDirectory } = server;
    const own = { ownsServer: true, nats: { servers: url }, natsServerPid: pid, storeDirectory };
    return supervise(await startNode({ ...chosen, ...own, startedBy }), server);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What the file says without effect here is told. */
async function readConfig(file: string, onNotice: (text: string) => void): Promise<NodeConfig> {
  const { config, ignored } = await readNodeConfig(file);
  for (const text of ignored) onNotice(text);
  return config;
}

/** Two cannot share the default store, and one node is enough for everybody here. */
async function refuseSecond(): Promise<void> {
  const running = (await listNodeFiles()).find(({ ownsServer }) => ownsServer);
  if (running === undefined) return;
  const by = running.startedBy === 'lease' ? 'an editor' : 'a terminal';
  const text = `A node that ${by} started runs here already: ${running.nodeId} on ${running.url}.`;
  throw new NexError('node-running', text, {
    remedy: 'Use that one (all verbs find it), or start another with --store-dir DIR.',
  });
}

function refuseServerFlags(flags: NodeFlags): void {
  const unfitting = { port: flags.port, 'store-dir': flags.storeDir };
  const given = Object.entries(unfitting).find(([, value]) => value !== undefined);
  if (given !== undefined) {
    throw new NexError('conflicting-flags', `--${given[0]} is for a server that we start.`, {
      remedy: 'Leave it out to join the NATS server that is named.',
    });
  }
}

function supervise(node: RunningNode, server: RunningNatsServer | undefined): NodeRun {
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= node.stop().finally(() => server?.stop()));
  const serverDied = async () => {
    if (server === undefined) return new Promise<never>(() => undefined);
    const { code, signal } = await server.exited;
    if (stopping !== undefined) return new Promise<never>(() => undefined);
    await stop();
    throw new NexError('nats-server-died', `nats-server ended unexpectedly (${code ?? signal}).`, {
      remedy: 'What it stored is kept. Start again with `nexdev up`.',
    });
  };
  const nodeEnded = async () => {
    const reason = await node.ended;
    await stop();
    return reason;
  };
  return { node, server, ended: Promise.race([nodeEnded(), serverDied()]), stop };
}
