import assert from 'node:assert/strict';
import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';
import { replyTypeName, type ReplyType } from '../../../runtime/protocol/controlApi.ts';
import { devErrorSchema } from '../../../runtime/protocol/devApi.ts';
import { errorCodeHeader, errorHeader } from '../../../runtime/protocol/serviceErrors.ts';
import type { Endpoint } from './endpoints.ts';

const replySchema = z.strictObject({
  type: z.string(),
  data: z.union([z.looseObject({}), z.literal('')]),
  error: z.string().min(1).optional(),
});

const replyTypes: Readonly<Record<string, ReplyType>> = {
  auction: 'auction_response',
  pingAll: 'ping_response',
  ping: 'ping_response',
  pingWorkloads: 'ping_response',
  info: 'info_response',
  deploy: 'run_response',
  stop: 'stop_response',
  lameDuck: 'lameduck_response',
};

/** Where Nex keeps silent, so do we. */
export const maybeSilent = ({ api, name }: Endpoint) =>
  api === 'control' && (name === 'auction' || name === 'pingWorkloads');

/** Nex's texts (A.2.5, A.3) and ours where Nex has none. */
const documented: readonly RegExp[] = [
  /^Invalid subject for workload (?:deployment|stop)$/,
  /^Node is in lame duck mode\. Workload deploy request denied$/,
  /^Unable to deserialize (?:deploy|stop) request: ./,
  /^Unsupported workload type on this node: /,
  /^Unsupported workload type for trigger subject registration: native$/,
  /^The trigger subject .* overlaps with subject\(s\) in this node's deny list$/s,
  /^Failed to decrypt environment for deploy request: ./,
  /^Invalid deploy request: ./,
  /^invalid workload issuer: ./,
  /^Failed to cache workload bytes: ./,
  /^Failed to deploy workload: ./,
  /^No such workload$/,
  /^Invalid stop request: ./,
];

/** Words of a program that did not expect what it met. */
const internals =
  /TypeError|RangeError|Cannot read prop|is not a function|call stack|\[object Object\]|\bat \w+ \(|(?<!received )undefined/;

/** Asserts that an answer is one that the protocol has. */
export function judge(endpoint: Endpoint, reply: Msg): void {
  if (endpoint.api === 'dev') judgeDevReply(reply);
  else judgeEnvelope(endpoint, reply);
}

function judgeEnvelope({ name }: Endpoint, reply: Msg): void {
  const { type, data, error } = replySchema.parse(reply.json());
  const expected = replyTypes[name];
  if (expected !== undefined) assert.equal(type, replyTypeName(expected));
  if (error === undefined) {
    assert.notEqual(data, '');
    return;
  }
  assert.equal(data, '');
  assert.ok(
    documented.some((pattern) => pattern.test(error)),
    error,
  );
  assert.doesNotMatch(error, internals);
}

function judgeDevReply(reply: Msg): void {
  const failure = reply.headers?.get(errorHeader) ?? '';
  if (failure === '') {
    z.looseObject({}).parse(reply.json());
    return;
  }
  assert.match(reply.headers?.get(errorCodeHeader) ?? '', /^[45]\d\d$/);
  const { code, message } = devErrorSchema.parse(reply.json());
  assert.notEqual(code, 'internal', message);
  assert.doesNotMatch(message, internals);
}
