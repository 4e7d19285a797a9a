import { join } from 'node:path';
import { Objm, type ObjectStore } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { ControlClient } from '../../runtime/client/controlClient.ts';
import { createDeployRequest } from '../../runtime/client/deployRequest.ts';
import { readKeys, type Keys } from '../../runtime/client/keys.ts';
import { encodeClaims } from '../../runtime/protocol/claims.ts';
import {
  controlSubjects,
  envelopeSchema,
  type DeployRequest,
} from '../../runtime/protocol/controlApi.ts';
import type { WorkloadType } from '../../runtime/protocol/workloadTypes.ts';
import type { TestNode } from './devNode.ts';

const bucket = 'PLAIN';

/** Asks a node what a client of Nex asks, without the extension of ours; requests are there to be spoiled before. */
export class PlainClient {
  readonly keys: Keys;
  readonly #node: TestNode;
  readonly #connection: NatsConnection;
  readonly #artifacts: ObjectStore;
  readonly #xkey: string;

  private constructor(
    node: TestNode,
    connection: NatsConnection,
    parts: { keys: Keys; artifacts: ObjectStore; xkey: string },
  ) {
    this.#node = node;
    this.#connection = connection;
    this.keys = parts.keys;
    this.#artifacts = parts.artifacts;
    this.#xkey = parts.xkey;
  }

  /** With the keys of the node's user. */
  static async create(node: TestNode, connection: NatsConnection): Promise<PlainClient> {
    const { target_xkey: xkey } = await new ControlClient(connection).ping(node.nodeId);
    const artifacts = await new Objm(connection).create(bucket);
    const keys = await readKeys(join(node.directory, '.nex'));
    return new PlainClient(node, connection, { keys, artifacts, xkey });
  }

  /** Stores an artifact under the name; the request deploys it, a function on the subject of its name. */
  async prepare(name: string, type: WorkloadType, source: string): Promise<DeployRequest> {
    await this.#artifacts.putBlob({ name }, Buffer.from(source));
    return createDeployRequest({
      keys: this.keys,
      nodeId: this.#node.nodeId,
      nodeXkey: this.#xkey,
      location: { bucket, key: name },
      name,
      type,
      description: '',
      hash: 'placeholder',
      triggerSubjects: type === 'native' ? [] : [name],
      env: {},
      argv: [],
      essential: false,
    });
  }

  /** Sealed as it is, whatever it is. */
  seal(plain: string): string {
    return Buffer.from(this.keys.publisher.seal(Buffer.from(plain), this.#xkey)).toString('base64');
  }

  /** Claims with these members, of now or some seconds beside it: a stop must not be of the second of its deploy. */
  claim(data: Record<string, string>, seconds = 0): string {
    const issuedAt = Math.floor(Date.now() / 1000) + seconds;
    return encodeClaims(this.keys.issuer, { subject: 'x', issuedAt, data });
  }

  /** The workload id, or the error. */
  async deploy(request: object | null): Promise<string> {
    const subject = controlSubjects.deploy('default', this.#node.nodeId);
    const { data, error } = await this.ask(subject, JSON.stringify(request));
    return error ?? deployedSchema.parse(data).id;
  }

  async ask(subject: string, body = ''): Promise<z.infer<typeof envelopeSchema>> {
    const reply = await this.#connection.request(subject, body, { timeout: 20_000 });
    return envelopeSchema.parse(reply.json());
  }
}

const deployedSchema = z.object({ id: z.string() });
