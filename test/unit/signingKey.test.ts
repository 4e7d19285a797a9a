import assert from 'node:assert/strict';
import { createCurve, createPair, fromPublic, Prefix } from '@nats-io/nkeys';
import { isSignedBy, SigningKey } from '../../runtime/protocol/signingKey.ts';

const data = Buffer.from('what is signed');
const textOf = (seed: Uint8Array) => Buffer.from(seed).toString();

describe('a signing key', () => {
  for (const role of ['Account', 'Operator', 'User', 'Server', 'Cluster'] as const) {
    it(`of kind ${role} is and signs as nkeys says`, () => {
      const pair = createPair(Prefix[role]);
      const key = new SigningKey(textOf(pair.getSeed()));
      const signature = key.sign(data);
      assert.equal(key.publicKey, pair.getPublicKey());
      assert.deepEqual(Buffer.from(signature), Buffer.from(pair.sign(data)));
      assert.ok(isSignedBy(key.publicKey, data, signature));
      assert.ok(fromPublic(key.publicKey).verify(data, signature));
    });
  }

  it('refuses what is no seed, and the seed of a key that cannot sign', () => {
    const seed = textOf(createPair(Prefix.Account).getSeed());
    const letter = seed[20] === 'A' ? 'B' : 'A';
    const curve = textOf(createCurve().getSeed());
    for (const text of ['', 'SA', seed.slice(0, -4), seed.slice(0, 20) + letter + seed.slice(21)]) {
      assert.throws(() => new SigningKey(text), text);
    }
    assert.throws(() => new SigningKey(curve), /curve key/);
  });
});

describe('a signature', () => {
  const pair = createPair(Prefix.Account);
  const key = new SigningKey(textOf(pair.getSeed()));
  const signature = key.sign(data);
  const changed = Uint8Array.from(signature, (byte, at) => (at === 5 ? byte ^ 1 : byte));
  const refused: Record<string, [key: string, data: Uint8Array, signature: Uint8Array]> = {
    'of something else': [key.publicKey, Buffer.from('something else'), signature],
    'that was changed': [key.publicKey, data, changed],
    'that is too short': [key.publicKey, data, signature.subarray(1)],
    'of another key': [createPair(Prefix.Account).getPublicKey(), data, signature],
    'of a curve key': [createCurve().getPublicKey(), data, signature],
    'of a text that is no key': ['A', data, signature],
    'of a seed': [textOf(pair.getSeed()), data, signature],
  };
  for (const [name, parts] of Object.entries(refused)) {
    it(`${name} does not verify`, () => assert.equal(isSignedBy(...parts), false));
  }
});
