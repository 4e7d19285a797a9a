import assert from 'node:assert/strict';
import fc from 'fast-check';
import { before, describe, it } from 'mocha';
import { FuzzedNode } from '../support/fuzz/fuzzedNode.ts';
import { more } from '../support/fuzz/holdings.ts';
import { recipe } from '../support/fuzz/recipes.ts';

/** `FUZZ_RUNS=100000` for the long one, `FUZZ_SEED=…` for another. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 1000);
const seed = Number(process.env['FUZZ_SEED'] ?? 20_240_601);
const perRunMs = 60;
/** Messages of 1 MB leave some hundred to V8, which it takes back when it pleases; a leak of each would be many times that. */
const mostResidentMb = 800;

describe('a node that strangers send anything', () => {
  let node: FuzzedNode;
  before(async () => {
    node = await FuzzedNode.start(({ name }) => name !== 'lameDuck');
  });

  it(`answers as documented or not at all, ${numRuns} times, and keeps nothing of it`, async function () {
    this.timeout(60_000 + numRuns * perRunMs);
    // What is made at first use is no leak.
    await fc.assert(property(node), { numRuns: 50, seed: seed + 1, endOnFailure: true });
    const earlier = await node.settle();
    await fc.assert(property(node), { numRuns, seed, endOnFailure: true });
    assert.equal(node.printed, '');
    assert.deepEqual(more(await node.settle(earlier), earlier), []);
    assert.ok(node.residentMb < mostResidentMb, `${node.residentMb} MB`);
  });
});

describe('a node that strangers make a lame duck', () => {
  const times = Math.ceil(numRuns / 10);

  it(`goes on with what runs, asked ${times} times, by its user too`, async function () {
    this.timeout(60_000 + times * perRunMs);
    const node = await FuzzedNode.start(({ name }) => name === 'lameDuck');
    await fc.assert(property(node), { numRuns: times, seed, endOnFailure: true });
    assert.equal(await node.askVictim('four'), '4');
    assert.equal(node.printed, '');
  });
});

const property = (node: FuzzedNode) => fc.asyncProperty(recipe, (each) => node.fuzz(each));
