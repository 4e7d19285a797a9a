import { randomUUID } from 'node:crypto';
import { encodeClaims } from '../protocol/claims.ts';
import type { DeployExtension, DeployRequest } from '../protocol/controlApi.ts';
import { sealEnvironment } from '../protocol/environmentSeal.ts';
import type { WorkloadType } from '../protocol/workloadTypes.ts';
import { deploySecond } from './controlClient.ts';
import type { Keys } from './keys.ts';

/** What is deployed where. */
export interface Deployment {
  keys: Pick<Keys, 'issuer' | 'publisher'>;
  nodeId: string;
  /** The node's public curve key: what the environment is sealed for. */
  nodeXkey: string;
  location: ObjectLocation;
  name: string;
  type: WorkloadType;
  description: string;
  /** What the claims say of the artifact; the node compares it with nothing. */
  hash: string;
  triggerSubjects: string[];
  env: Record<string, string>;
  argv: string[];
  essential: boolean;
  /** JetStream domain that the artifact is in. */
  jsdomain?: string | undefined;
  /** NATS of its triggers and host services, where it is not the node's; Nex sends it in clear text. */
  hostServices?: HostServicesLogin | undefined;
  /** For a Nex Devrun node. */
  extension?: DeployExtension;
}

export interface HostServicesLogin {
  url: string;
  /** User JWT and seed; both empty for a server without login. */
  jwt: string;
  seed: string;
}

export interface ObjectLocation {
  bucket: string;
  key: string;
}

/** The body of DEPLOY, sealed and signed, member by member as Go's encoder writes it. */
export function createDeployRequest(deployment: Deployment): DeployRequest {
  const { keys, nodeId, location, name, argv, triggerSubjects, jsdomain, extension, hostServices } =
    deployment;
  const id = randomUUID();
  return {
    // Go's encoder leaves empty lists out.
    ...(argv.length === 0 ? {} : { argv }),
    description: deployment.description,
    hash: null,
    location: goUrl(location),
    essential: deployment.essential,
    environment: sealEnvironment(deployment.env, keys.publisher, deployment.nodeXkey),
    id,
    ...(jsdomain === undefined ? {} : { jsdomain }),
    sender_public_key: keys.publisher.getPublicKey(),
    target_node: nodeId,
    ...(triggerSubjects.length === 0 ? {} : { trigger_subjects: triggerSubjects }),
    ...(hostServices === undefined
      ? {}
      : { host_services_config: hostServicesConfig(hostServices) }),
    workload_name: name,
    workload_jwt: encodeClaims(keys.issuer, {
      subject: id,
      issuedAt: deploySecond(),
      data: { hash: deployment.hash, name },
    }),
    type: deployment.type,
    ...(extension === undefined ? {} : { nexdev: extension }),
  };
}

const hostServicesConfig = ({ url, jwt, seed }: HostServicesLogin) => ({
  nats_url: url,
  nats_user_jwt: jwt,
  nats_user_seed: seed,
});

/** Go's `url.URL` as its JSON encoder writes it, since it has no marshaller of its own. */
const goUrl = ({ bucket, key }: ObjectLocation) => ({
  Scheme: 'nats',
  Opaque: '',
  User: null,
  Host: bucket,
  Path: `/${key}`,
  RawPath: '',
  OmitHost: false,
  ForceQuery: false,
  RawQuery: '',
  Fragment: '',
  RawFragment: '',
});
