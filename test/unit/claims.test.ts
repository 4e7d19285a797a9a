import assert from 'node:assert/strict';
import {
  decodeClaims,
  encodeClaims,
  verifyDeployClaims,
  verifyStopClaims,
} from '../../runtime/protocol/claims.ts';
import { deployRequestSchema, stopRequestSchema } from '../../runtime/protocol/controlApi.ts';
import { SigningKey } from '../../runtime/protocol/signingKey.ts';
import { createIssuer } from '../support/issuers.ts';
import { postponed } from '../support/postponedClaims.ts';
import { readRecording, recordedError } from '../support/recording.ts';

const now = () => Math.floor(Date.now() / 1000);

describe('claims', () => {
  it('makes the very token that the nex client made', () => {
    const recording = readRecording('devrun-full');
    const deploy = recording.exchanges.find(({ subject }) => subject.startsWith('$NEX.DEPLOY'))!;
    const token = deployRequestSchema.parse(deploy.request).workload_jwt!;
    const claims = decodeClaims(token);
    const again = encodeClaims(new SigningKey(recording.keys.issuerSeed), {
      subject: claims.sub,
      issuedAt: claims.iat,
      data: { hash: 'abc12345TODOmakethisreal', name: 'hellofnjs' },
    });
    assert.equal(again, token);
  });

  describe('refuses what the real node refuses, with its text', () => {
    const { exchanges, keys } = readRecording('deploy-bad-jwt');
    for (const { label, request, reply } of exchanges) {
      it(label ?? 'unnamed', () => {
        const { workload_jwt: token, hash } = deployRequestSchema.parse(request);
        assert.throws(() => verifyDeployClaims(postponed(token ?? '', keys.issuerSeed), hash), {
          code: 'invalid-claims',
          message: recordedError(reply)!.replace('Invalid deploy request: ', ''),
        });
      });
    }
  });

  it('accepts a deploy and a later stop of the same issuer', () => {
    const issuer = createIssuer();
    const deploy = encodeClaims(issuer, {
      subject: 'a',
      issuedAt: now(),
      data: { name: 'echojs' },
    });
    const deployed = verifyDeployClaims(deploy, null);
    assert.equal(deployed.nats['name'], 'echojs');
    const stop = encodeClaims(issuer, { subject: 'b', issuedAt: now() + 1 });
    assert.equal(verifyStopClaims(stop, deployed).sub, 'b');
  });

  it('refuses a stop by another issuer and a stop of the same second', () => {
    const issuer = createIssuer();
    const iat = now();
    const deployed = verifyDeployClaims(
      encodeClaims(issuer, { subject: 'a', issuedAt: iat, data: { name: 'echojs' } }),
      null,
    );
    const stranger = encodeClaims(createIssuer(), { subject: 'b', issuedAt: iat + 1 });
    assert.throws(() => verifyStopClaims(stranger, deployed), /the only entity allowed/);
    const sameSecond = encodeClaims(issuer, { subject: 'b', issuedAt: iat });
    assert.throws(() => verifyStopClaims(sameSecond, deployed), /cloned or captured/);
  });

  it('refuses stops as the real node did', () => {
    const [deploy, ...rest] = readRecording('stop-refused').exchanges;
    const deployed = decodeClaims(deployRequestSchema.parse(deploy!.request).workload_jwt!);
    const refusals = rest.filter(({ reply }) => recordedError(reply)?.startsWith('Invalid stop'));
    assert.ok(refusals.length > 3);
    for (const { request, reply } of refusals) {
      const token = stopRequestSchema.parse(request).workload_jwt ?? '';
      assert.throws(() => verifyStopClaims(token, deployed), {
        message: recordedError(reply)!.replace('Invalid stop request: ', ''),
      });
    }
  });

  it('notices a changed payload', () => {
    const [header, , signature] = encodeClaims(createIssuer(), {
      subject: 'a',
      issuedAt: 1,
    }).split('.');
    const forged = Buffer.from('{"iss":"A","sub":"b"}').toString('base64url');
    assert.throws(() => decodeClaims([header, forged, signature].join('.')), /V2 signature/);
  });
});
