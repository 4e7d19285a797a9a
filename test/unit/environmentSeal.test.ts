import assert from 'node:assert/strict';
import { createCurve, fromCurveSeed } from '@nats-io/nkeys';
import { deployRequestSchema } from '../../runtime/protocol/controlApi.ts';
import { openEnvironment, sealEnvironment } from '../../runtime/protocol/environmentSeal.ts';
import { readRecording, recordedError } from '../support/recording.ts';

describe('environment seal', () => {
  it('opens what it sealed', () => {
    const [sender, recipient] = [createCurve(), createCurve()];
    const environment = { API_KEY: 's3cret', EMPTY: '', UMLAUT: 'grüezi' };
    const sealed = sealEnvironment(environment, sender, recipient.getPublicKey());
    assert.deepEqual(openEnvironment(sealed, recipient, sender.getPublicKey()), environment);
  });

  it('opens what the nex client sealed', () => {
    const { keys, exchanges } = readRecording('devrun-full');
    const deploy = exchanges.find(({ subject }) => subject.startsWith('$NEX.DEPLOY'))!;
    const { environment } = deployRequestSchema.parse(deploy.request);
    // The box is symmetric: the sender opens it with the recipient's public key.
    const sender = fromCurveSeed(Buffer.from(keys.publisherXkeySeed));
    assert.deepEqual(openEnvironment(environment!, sender, keys.nodeXkeyPublic), {
      API_KEY: 's3cret',
      EMPTY: '',
    });
  });

  describe('refuses what the real node refuses, with its text', () => {
    const { keys, exchanges } = readRecording('deploy-bad-environment');
    const pair = fromCurveSeed(Buffer.from(keys.publisherXkeySeed));
    for (const { label, request, reply } of exchanges) {
      it(label ?? 'unnamed', () => {
        const deploy = deployRequestSchema.parse(request);
        const message = recordedError(reply)!.replace(/^Failed to decrypt environment [^:]*: /, '');
        const sender =
          deploy.sender_public_key === keys.publisherXkeyPublic
            ? keys.nodeXkeyPublic
            : deploy.sender_public_key!;
        assert.throws(() => openEnvironment(deploy.environment!, pair, sender), { message });
      });
    }
  });
});
