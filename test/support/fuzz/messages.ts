import { authorizationHeader } from '../../../runtime/protocol/devApi.ts';
import { artifactBucket } from '../../../runtime/protocol/controlApi.ts';
import { bodyHash, type ClaimsForge } from './claims.ts';
import type { Endpoint } from './endpoints.ts';
import type { BodyRecipe, Mutation, Recipe } from './recipes.ts';

export interface FuzzMessage {
  readonly endpoint: Endpoint;
  readonly subject: string;
  readonly body: Uint8Array;
  /** The header block as it is sent; undefined for none. */
  readonly headers: Uint8Array | undefined;
  readonly wantsReply: boolean;
}

/** What requests have to name so that they can be right. */
export interface Surroundings {
  readonly endpoints: readonly Endpoint[];
  readonly forge: ClaimsForge;
  readonly maxPayload: number;
  /** Of a workload that runs. */
  readonly workloadId: string;
  /** Of an artifact that is there. */
  readonly artifact: string;
  readonly stream: string;
  readonly seal: () => { environment: string; sender: string };
}

export function buildMessage(recipe: Recipe, surroundings: Surroundings): FuzzMessage {
  const { endpoints } = surroundings;
  const endpoint = endpoints[recipe.endpoint % endpoints.length];
  if (endpoint === undefined) throw new Error('there are no endpoints');
  const subject = [endpoint.subject(recipe.namespace), ...recipe.moreTokens].join('.');
  const { maxPayload } = surroundings;
  // Headers count too.
  const body = buildBody(recipe.body, maxPayload - 4096, () =>
    request(recipe, endpoint, surroundings),
  );
  const headers = buildHeaders(recipe, endpoint, { subject, body }, surroundings.forge);
  return { endpoint, subject, body, headers, wantsReply: recipe.wantsReply };
}

function buildBody(recipe: BodyRecipe, limit: number, request: () => Members): Uint8Array {
  switch (recipe.kind) {
    case 'bytes':
      return recipe.bytes;
    case 'text':
      return Buffer.from(recipe.text);
    case 'json':
      return Buffer.from(JSON.stringify(recipe.value));
    case 'repeated': {
      const [before, after] = recipe.around;
      const most = Math.floor((limit - before.length - after.length) / recipe.unit.length);
      const count = recipe.size === 'all' ? most : recipe.size;
      return Buffer.from(before + recipe.unit.repeat(count) + after);
    }
    case 'request':
      return Buffer.from(JSON.stringify(mutate(request(), recipe.mutations, limit)));
  }
}

type Members = Record<string, unknown>;

/** A right one for every endpoint; of one that is not known here, an empty one. */
function request(recipe: Recipe, { api, name }: Endpoint, around: Surroundings): Members {
  const reference = { workload: around.workloadId, namespace: 'default' };
  const sign = (subject: string, nats: Members) => around.forge.make(recipe.claims, subject, nats);
  if (api === 'dev') {
    return { ...reference, stream: around.stream, seq: 1, holder: 'fuzz', release: false };
  }
  switch (name) {
    case 'auction':
      return { arch: 'amd64', os: 'linux', sandboxed: false, tags: {}, workload_types: ['v8'] };
    case 'deploy':
      return deployRequest(sign, around);
    case 'stop':
      return {
        workload_id: around.workloadId,
        workload_jwt: sign(around.workloadId, {}),
        node_id: '',
      };
    default:
      return {};
  }
}

function deployRequest(
  sign: (subject: string, nats: Members) => unknown,
  { seal, artifact }: Surroundings,
): Members {
  const { environment, sender } = seal();
  return {
    ...{ argv: [], description: 'fuzz', hash: null, essential: false, jsdomain: null },
    location: { Host: artifactBucket.name, Path: `/${artifact}` },
    environment,
    sender_public_key: sender,
    target_node: 'N',
    trigger_subjects: ['fuzz.trigger'],
    host_services_config: null,
    workload_name: 'fuzz',
    workload_jwt: sign('fuzz', { name: 'fuzz', hash: 'abc' }),
    type: 'v8',
    nexdev: {
      replace: false,
      reload: false,
      limits: {},
      options: {},
      warned: [],
      hash: '0'.repeat(64),
    },
  };
}

function mutate(members: Members, mutations: readonly Mutation[], limit: number): Members {
  const changed = new Map(Object.entries(members));
  const names = [...changed.keys()];
  for (const mutation of mutations) {
    const { member } = mutation;
    const name = typeof member === 'string' ? member : names[member % Math.max(1, names.length)];
    if (name === undefined) continue;
    if (mutation.change === 'remove') changed.delete(name);
    else if (mutation.change === 'set') changed.set(name, mutation.value);
    else changed.set(name, fill(mutation.unit, limit));
  }
  return Object.fromEntries(changed);
}

/** As JSON, with the members beside it, it still fits. */
const fill = (unit: string, limit: number) =>
  unit.repeat(Math.floor((limit - 4096) / (Buffer.byteLength(JSON.stringify(unit)) - 2)));

function buildHeaders(
  { headers, claims }: Recipe,
  { api }: Endpoint,
  { subject, body }: { subject: string; body: Uint8Array },
  forge: ClaimsForge,
): Uint8Array | undefined {
  if (headers.kind === 'raw') return headers.bytes;
  const named = headers.kind === 'named' ? headers.lines : [];
  const token = api === 'dev' ? forge.make(claims, subject, { body: bodyHash(body) }) : undefined;
  const lines = token === undefined ? named : [[authorizationHeader, token] as const, ...named];
  if (lines.length === 0) return undefined;
  const text = lines
    .map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, '')}\r\n`)
    .join('');
  return Buffer.from(`NATS/1.0\r\n${text}\r\n`);
}
