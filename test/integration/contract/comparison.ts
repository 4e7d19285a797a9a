import assert from 'node:assert/strict';
import { z } from 'zod';
import { recordedError, type Exchange } from '../../support/recording.ts';

/** Compares `type` and `error` exactly, `data` by members and their types, function replies by text. */
export function compareReplies(
  { reply: recorded, replyText, subject }: Exchange,
  reply: string | undefined,
  where: string,
): void {
  if (recorded === null) {
    assert.equal(reply, undefined, where);
    return;
  }
  assert.ok(reply !== undefined, `${where}: no reply`);
  if (!subject.startsWith('$NEX.')) {
    assert.equal(reply, replyText ?? recorded, where);
    return;
  }
  const own = envelopeSchema.parse(JSON.parse(reply));
  const theirs = envelopeSchema.parse(recorded);
  assert.equal(own.type, theirs.type, where);
  assert.equal(comparableError(own.error), comparableError(theirs.error), where);
  assert.deepEqual(shapeOf(own), shapeOf(theirs), where);
}

const envelopeSchema = z.looseObject({ type: z.string(), error: z.string().optional() });

/** The `error` of a reply that is there. */
export function errorOf(reply: string | undefined, where: string): string | undefined {
  assert.ok(reply !== undefined, `${where}: no reply`);
  return recordedError(JSON.parse(reply));
}

/** What Go's JSON parser says about bad JSON is Go's own; that it is refused, and as what, is the contract. */
const comparableError = (error: string | undefined) =>
  error?.replace(/^(Unable to deserialize \w+ request): .*/s, '$1');

const nodesOwn = new Set(['tags', 'memory', 'supported_workload_types']);

/** Members and their types, of lists without regard to order; some are the node's own, and only ours warns. */
function shapeOf(value: unknown, name = ''): unknown {
  if (value === null || nodesOwn.has(name)) return name;
  // The real node lists its workloads in any order.
  if (Array.isArray(value)) return value.map((each) => JSON.stringify(shapeOf(each))).sort();
  if (typeof value !== 'object') return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member]) => member !== 'warnings')
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([member, inner]) => [member, shapeOf(inner, member)]),
  );
}
