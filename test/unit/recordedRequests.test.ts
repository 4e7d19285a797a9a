import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fromCurveSeed } from '@nats-io/nkeys';
import { describe, it } from 'mocha';
import { z } from 'zod';
import { createDeployRequest } from '../../runtime/client/deployRequest.ts';
import {
  decodeClaims,
  verifyDeployClaims,
  verifyStopClaims,
} from '../../runtime/protocol/claims.ts';
import { deployRequestSchema, stopRequestSchema } from '../../runtime/protocol/controlApi.ts';
import { openEnvironment } from '../../runtime/protocol/environmentSeal.ts';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';
import { readConversation, readRecording, recordedError } from '../support/recording.ts';

/** All recordings were made with the same keys; a box opens with the sender's seed as with the recipient's. */
const { keys } = readRecording('deploy-v8');
const publisher = fromCurveSeed(Buffer.from(keys.publisherXkeySeed));

const wire = new URL('../fixtures/wire', import.meta.url);
const recordings = readdirSync(wire)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readConversation(name.replace(/\.json$/, '')));

const accepted = (verb: 'DEPLOY' | 'STOP') =>
  recordings.flatMap(({ exchanges, keys: own }) =>
    exchanges
      .filter(
        ({ subject, reply }) =>
          subject.startsWith(`$NEX.${verb}.`) && reply !== null && reply !== undefined,
      )
      .filter(({ reply }) => recordedError(reply) === undefined)
      .map((exchange) => ({ ...exchange, nodeXkey: own?.nodeXkeyPublic })),
  );

const runReplySchema = z.object({ data: z.object({ id: z.string() }) });

describe('what clients of the real node signed and sealed', () => {
  const deploys = accepted('DEPLOY').map(({ request, reply, nodeXkey }) => ({
    request: deployRequestSchema.parse(request),
    workloadId: runReplySchema.parse(reply).data.id,
    nodeXkey,
  }));

  it('is signed by the key that it names, in every deploy that was accepted', () => {
    assert.ok(deploys.length > 20);
    for (const { request } of deploys) {
      const claims = verifyDeployClaims(request.workload_jwt ?? '', request.hash);
      assert.equal(claims.sub, request.id);
      assert.match(claims.iss, /^[A-Z2-7]{56}$/);
    }
    assert.ok(
      deploys.some(({ request }) => decodeClaims(request.workload_jwt!).iss === keys.issuerPublic),
    );
  });

  it('may stop what the same key deployed, in every stop that was accepted', () => {
    const stops = accepted('STOP');
    assert.ok(stops.length > 3);
    for (const { request } of stops) {
      const { workload_jwt, workload_id } = stopRequestSchema.parse(request);
      const deploy = deploys.find(({ workloadId }) => workloadId === workload_id);
      // One was deployed before its recording began.
      if (deploy === undefined) continue;
      const started = decodeClaims(deploy.request.workload_jwt ?? '');
      assert.equal(verifyStopClaims(workload_jwt ?? '', started).iss, started.iss);
    }
  });

  it('is sealed for the node, in every deploy whose node is known', () => {
    const known = deploys.filter(({ nodeXkey }) => nodeXkey !== undefined);
    assert.ok(known.length > 8);
    const opened = known.map(({ request, nodeXkey }) => {
      assert.equal(request.sender_public_key, keys.publisherXkeyPublic);
      return openEnvironment(request.environment ?? '', publisher, nodeXkey ?? '');
    });
    assert.ok(opened.some((environment) => environment['API_KEY'] === 's3cret'));
  });
});

describe('what our client signs and seals', () => {
  it('opens with the keys of a recorded node and its clients', () => {
    const env = { API_KEY: 's3cret', EMPTY: '', UMLAUT: 'grüezi' };
    const request = createDeployRequest({
      keys: { issuer: new SigningKey(keys.issuerSeed), publisher },
      nodeId: 'N',
      nodeXkey: keys.nodeXkeyPublic,
      location: { bucket: 'REC', key: 'greet' },
      name: 'greet',
      type: 'v8',
      description: '',
      hash: 'abc',
      triggerSubjects: ['rec.greet'],
      env,
      argv: [],
      essential: false,
    });
    const claims = verifyDeployClaims(request.workload_jwt ?? '', 'abc');
    assert.deepEqual([claims.iss, claims.sub], [keys.issuerPublic, request.id]);
    // With the recipe of the recordings, and no code of ours.
    const sealed = Buffer.from(request.environment ?? '', 'base64');
    assert.equal(sealed.subarray(0, 4).toString(), 'xkv1');
    const plain = publisher.open(sealed, keys.nodeXkeyPublic);
    assert.deepEqual(JSON.parse(Buffer.from(plain!).toString()), env);
  });
});
