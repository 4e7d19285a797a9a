import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import { readConversation } from '../support/recording.ts';
import { compareReplies, errorOf } from './contract/comparison.ts';
import { Player } from './contract/player.ts';
import {
  differences,
  ownNodes,
  playedElsewhere,
  scenarios,
  sharedConfig,
  type Difference,
} from './contract/scenarios.ts';

/** Plays conversations recorded from the real Nex 0.3.0-rc1 to our node and compares what it answers. */
describe('a node answers as the real Nex 0.3.0-rc1 does', () => {
  let shared: Player;
  before(async () => {
    shared = await Player.start(sharedConfig);
  });
  after(() => shared.stop());
  afterEach(() => shared.stopAll());

  for (const scenario of scenarios) it(scenario, () => playScenario(shared, scenario));

  for (const [scenario, config] of Object.entries(ownNodes)) {
    it(`${scenario}, on a node of its own`, async () => {
      const player = await Player.start(config);
      try {
        await playScenario(player, scenario);
      } finally {
        await player.stop();
      }
    });
  }

  it('in every recording that there is', () => {
    const known = [...scenarios, ...Object.keys(ownNodes), ...Object.keys(playedElsewhere)];
    const recorded = readdirSync(new URL('../fixtures/wire', import.meta.url));
    const files = recorded.filter((name) => name.endsWith('.json'));
    assert.deepEqual(known.map((name) => `${name}.json`).sort(), files.sort());
  });
});

async function playScenario(player: Player, scenario: string): Promise<void> {
  const { exchanges, artifacts, keys } = readConversation(scenario);
  await player.store(artifacts);
  for (const [index, exchange] of exchanges.entries()) {
    const where = `${scenario} #${index} ${exchange.label ?? ''}`;
    const difference = differences[scenario]?.[index];
    if (difference?.ends === 'skip') continue;
    // Silence takes a moment to be sure of; an answer is awaited.
    const isSilent = exchange.reply === null || difference?.ends === 'silence';
    const reply = await player.play(exchange, keys?.nodeXkeyPublic, isSilent ? 250 : 5000);
    if (difference === undefined) compareReplies(exchange, reply, where);
    else compareDifferent(difference, reply, where);
  }
}

function compareDifferent(difference: Difference, reply: string | undefined, where: string): void {
  if (difference.ends === 'silence') assert.equal(reply, undefined, where);
  else assert.equal(errorOf(reply, where), difference.error, where);
}
