import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { Objm, type ObjectInfo } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import type { RunResponse } from '../protocol/controlApi.ts';
import { domainOf, jetStream } from '../protocol/jetStream.ts';
import { explainNats } from '../protocol/natsFailures.ts';
import { NexError, errorText } from '../protocol/nexError.ts';
import { createDeployRequest, type Deployment, type ObjectLocation } from './deployRequest.ts';
import { onNode } from './onNode.ts';

export interface RunOptions extends Omit<Deployment, 'nodeXkey' | 'hash' | 'extension'> {
  namespace: string;
}

/** Deploys what is in an object store already to the node that is named, as `nex run` does; it replaces nothing. */
export function runWorkload(
  connection: NatsConnection,
  { namespace, ...deployment }: RunOptions,
): Promise<RunResponse> {
  const { nodeId, location } = deployment;
  return onNode(connection, nodeId, async (control) => {
    const { public_xkey: nodeXkey } = await control.info(namespace, nodeId);
    const hash = hexDigest(await findObject(connection, location));
    const request = createDeployRequest({
      ...{ ...deployment, nodeXkey, hash },
      jsdomain: domainOf(connection),
    });
    return control.deploy(namespace, nodeId, request);
  });
}

/** Throws `invalid-location`. */
export function parseLocation(url: string): ObjectLocation {
  const [, bucket, key] = /^nats:\/\/([\w-]+)\/(.+)$/.exec(url) ?? [];
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw new NexError('invalid-location', `"${url}" names no object of an object store.`, {
    remedy: 'Write it as nats://BUCKET/NAME, for example nats://NEXCLIFILES/echojs.',
  });
}

async function findObject(
  connection: NatsConnection,
  { bucket, key }: ObjectLocation,
): Promise<ObjectInfo> {
  let found: ObjectInfo | null;
  try {
    const store = await new Objm(jetStream(connection)).open(bucket, false);
    found = await store.info(key);
  } catch (cause) {
    throw describeStoreError(cause, bucket);
  }
  if (found !== null && !found.deleted) return found;
  throw new NexError('no-such-object', `There is no object ${key} in ${bucket}.`, {
    remedy: `See what is there: nats object ls ${bucket}.`,
  });
}

function describeStoreError(cause: unknown, bucket: string): unknown {
  const explained = explainNats(cause);
  if (explained instanceof NexError) return explained;
  if (cause instanceof JetStreamApiError && cause.code === JetStreamApiCodes.StreamNotFound) {
    return new NexError('no-such-object', `There is no object store ${bucket}.`, {
      remedy: 'See which there are: nats object ls.',
      cause,
    });
  }
  const text = `Object store ${bucket} cannot be read: ${errorText(cause)}`;
  return new NexError('object-unreadable', text, {
    remedy: `Look at it with nats object info ${bucket}.`,
    cause,
  });
}

/** `SHA-256=<base64url>`, as an object store keeps it, in lower-case hex, as `nex` claims it. */
const hexDigest = ({ digest }: ObjectInfo) =>
  Buffer.from(digest.replace(/^SHA-256=/, ''), 'base64url').toString('hex');
