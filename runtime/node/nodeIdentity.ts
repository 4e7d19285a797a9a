import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createCurve, createServer, type KeyPair } from '@nats-io/nkeys';
import { devrunTag } from '../protocol/controlApi.ts';
import { devService } from '../protocol/devApi.ts';
import { thisPlatform } from '../protocol/executablePlatform.ts';

/** Who a node is: a new key and curve key at each start, as on Nex, and its tags. */
export interface NodeIdentity {
  /** `N…` */
  readonly id: string;
  readonly xkey: KeyPair;
  /** `X…`; to derive it takes longer than all the rest of an answer. */
  readonly publicXkey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly startedAt: number;
}

/** Version of Nex whose contract we keep; ours is in the tag `nex.devrun`. */
export const nexVersion = '0.3.0-rc1';
export const nexus = 'nexus';

export function createIdentity(name: string | undefined, tags: Record<string, string>) {
  const xkey = createCurve();
  const identity: NodeIdentity = {
    id: createServer().getPublicKey(),
    xkey,
    publicXkey: xkey.getPublicKey(),
    tags: {
      ...tags,
      'nex.arch': thisPlatform.arch,
      'nex.cpucount': String(availableParallelism()),
      'nex.os': thisPlatform.os,
      'nex.unsafe': 'true',
      [devrunTag]: devService.version,
      node_name: name ?? tags['node_name'] ?? randomName(),
    },
    startedAt: Date.now(),
  };
  return identity;
}

const adjectives = ['brisk', 'calm', 'keen', 'lucid', 'nimble', 'quiet', 'swift', 'witty'];
const animals = ['badger', 'falcon', 'heron', 'lynx', 'marten', 'otter', 'raven', 'stoat'];
const pick = (words: readonly string[]) => words[randomInt(words.length)] ?? '';
const randomName = () => `${pick(adjectives)}-${pick(animals)}`;
