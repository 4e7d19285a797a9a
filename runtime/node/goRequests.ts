import { z } from 'zod';
import {
  auctionRequestSchema,
  deployRequestSchema,
  stopRequestSchema,
  type AuctionRequest,
  type DeployRequest,
} from '../protocol/controlApi.ts';
import {
  decodeGoJson,
  goAny,
  goBool,
  goString,
  goStringMap,
  goStrings,
  goStruct,
} from '../protocol/goJson.ts';
import { NexError } from '../protocol/nexError.ts';

const auction = goStruct('controlapi.AuctionRequest', {
  arch: goString,
  os: goString,
  sandboxed: goBool,
  tags: goStringMap,
  workload_types: goStrings,
});

const url = goStruct('url.URL', {
  Scheme: goString,
  Opaque: goString,
  User: goStruct('url.Userinfo', {}),
  Host: goString,
  Path: goString,
  RawPath: goString,
  OmitHost: goBool,
  ForceQuery: goBool,
  RawQuery: goString,
  Fragment: goString,
  RawFragment: goString,
});

const deployment = goStruct('controlapi.DeployRequest', {
  argv: goStrings,
  description: goString,
  hash: goString,
  location: url,
  essential: goBool,
  environment: goString,
  id: goString,
  jsdomain: goString,
  retry_count: { kind: 'uint', name: 'uint' },
  sender_public_key: goString,
  target_node: goString,
  trigger_subjects: goStrings,
  host_services_config: goStruct('controlapi.NatsJwtConnectionInfo', {
    nats_url: goString,
    nats_user_jwt: goString,
    nats_user_seed: goString,
  }),
  workload_name: goString,
  workload_jwt: goString,
  type: { kind: 'string', name: 'controlapi.NexWorkload' },
  nexdev: goAny,
});

const stopping = goStruct('controlapi.StopRequest', {
  node_id: goString,
  workload_id: goString,
  workload_jwt: goString,
});

/** Of a body that is no request, undefined: it filters nothing. */
export function parseAuctionRequest(body: string): AuctionRequest | undefined {
  try {
    return auctionRequestSchema.parse(decodeGoJson(body, auction));
  } catch {
    return undefined;
  }
}

/** Throws what Go says of a body that is no request. */
export function parseDeployRequest(body: string): DeployRequest {
  const parsed = deployRequestSchema.safeParse(decodeGoJson(body, deployment) ?? {});
  if (parsed.success) return parsed.data;
  throw new NexError('invalid-json', z.prettifyError(parsed.error).replaceAll('\n', ' '));
}

/** The same. */
export const parseStopRequest = (body: string) =>
  stopRequestSchema.parse(decodeGoJson(body, stopping) ?? {});
