import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'mocha';
import { startRecordedServer } from '../support/recordedHttpServer.ts';
import { readConversation } from '../support/recording.ts';
import { differences, publishedDifferences } from './contract/differences.ts';
import { Player } from './contract/player.ts';
import { playScenario, playStrictly } from './contract/playScenario.ts';
import {
  ownNodes,
  playedElsewhere,
  scenarios,
  sharedConfig,
  strictScenarios,
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
    const known = [
      ...scenarios,
      ...strictScenarios,
      ...Object.keys(ownNodes),
      ...Object.keys(playedElsewhere),
    ];
    const recorded = readdirSync(new URL('../fixtures/wire', import.meta.url));
    const files = recorded.filter((name) => name.endsWith('.json'));
    assert.deepEqual(known.map((name) => `${name}.json`).sort(), files.sort());
  });

  it('with no row of a difference that nothing uses', () => {
    const played = [...scenarios, ...Object.keys(ownNodes)];
    for (const [scenario, rows] of Object.entries(differences)) {
      assert.ok(played.includes(scenario), scenario);
      const { exchanges } = readConversation(scenario);
      for (const index of Object.keys(rows)) assert.ok(exchanges[Number(index)], scenario);
    }
    for (const scenario of Object.keys(publishedDifferences)) {
      assert.ok([...played, ...strictScenarios].includes(scenario), scenario);
    }
  });
});

/** In `strict`, where failures are as silent as on the real node. */
describe('workloads publish what those of the real Nex 0.3.0-rc1 do', () => {
  const ends = new Map<string, Promise<void>>();
  let player: Player;
  // All at once: each waits, as the real node does, for agents that never answer.
  before(async () => {
    player = await Player.start(sharedConfig);
    const server = await startRecordedServer();
    for (const scenario of strictScenarios) {
      const end = playStrictly(player, scenario, server);
      end.catch(() => undefined);
      ends.set(scenario, end);
    }
  });
  after(() => player.stop());
  for (const scenario of strictScenarios) it(scenario, () => ends.get(scenario));
});
