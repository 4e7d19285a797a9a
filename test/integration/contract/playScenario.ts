import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { DeployExtension } from '../../../runtime/protocol/controlApi.ts';
import { atRecordedServer } from '../../support/recordedHttpServer.ts';
import {
  readConversation,
  recordedError,
  type Conversation,
  type Exchange,
} from '../../support/recording.ts';
import { compareReplies, errorOf } from './comparison.ts';
import type { Player } from './player.ts';
import { comparePublications } from './publicationComparison.ts';
import { isEvent, isEventOrLog, isLog } from './publications.ts';
import { differences, publishedDifferences, type Difference } from './differences.ts';
import { strictExchanges, unrecordedArtifacts } from './scenarios.ts';

/** A slow machine may take its time to answer. */
const answerMs = 20_000;
const strict: DeployExtension = { options: { mode: 'strict' } };

/** Compares each reply, then all that was published. */
export async function playScenario(player: Player, scenario: string): Promise<void> {
  const conversation = readConversation(scenario);
  await player.store({ ...conversation.artifacts, ...unrecordedArtifacts[scenario] });
  for (const [index, exchange] of conversation.exchanges.entries()) {
    const where = `${scenario} #${index} ${exchange.label ?? ''}`;
    const difference = differences[scenario]?.[index];
    await untilSaid(player, conversation, exchange);
    // Silence takes a moment to be sure of; an answer is awaited.
    const isSilent = exchange.reply === null || difference?.ends === 'silence';
    const reply = await player.play(exchange, {
      nodeXkey: conversation.keys?.nodeXkeyPublic,
      timeout: isSilent ? 250 : answerMs,
      extension: strictExchanges[scenario]?.includes(index) === true ? strict : undefined,
    });
    if (difference === undefined) compareReplies(exchange, reply, where);
    else {
      compareDifferent(difference, reply, where);
      assert.throws(() => compareReplies(exchange, reply, where), `${where}: no difference`);
    }
  }
  await comparePublished(player, scenario, conversation);
}

/** Compares only what was published: by workloads in `strict`, where failures are silent for seconds. */
export async function playStrictly(
  player: Player,
  scenario: string,
  httpServer: string,
): Promise<void> {
  const conversation = readConversation(scenario);
  for (const [location, content] of Object.entries(conversation.artifacts)) {
    const artifact = typeof content === 'string' ? atRecordedServer(content, httpServer) : content;
    await player.store({ [location]: artifact });
  }
  for (const exchange of conversation.exchanges) {
    await player.play(exchange, {
      nodeXkey: conversation.keys?.nodeXkeyPublic,
      timeout: exchange.reply === null ? 250 : answerMs,
      extension: strict,
    });
  }
  await comparePublished(player, scenario, conversation);
}

/** What was said before a workload was stopped, or a node became a lame duck, is said before that here too. */
async function untilSaid(
  player: Player,
  { exchanges, published }: Conversation,
  { subject, reply }: Exchange,
): Promise<void> {
  const last = lastWords.find(({ verb }) => subject.startsWith(`$NEX.${verb}.`));
  if (last === undefined || recordedError(reply) !== undefined) return;
  const recorded = published.filter(isEventOrLog);
  const before = recorded.slice(
    0,
    recorded.findIndex((each) => each.subject.endsWith(last.event)),
  );
  const isSaid = async () => {
    const heard = await player.published(exchanges);
    return [isEvent, isLog].every((is) => heard.filter(is).length >= before.filter(is).length);
  };
  const deadline = Date.now() + 10_000;
  while (!(await isSaid()) && Date.now() < deadline) await pause(20);
}

const lastWords = [
  { verb: 'STOP', event: '.workload_undeployed' },
  { verb: 'LAMEDUCK', event: '.node_entered_lameduck' },
];

async function comparePublished(
  player: Player,
  scenario: string,
  { exchanges, published }: Conversation,
): Promise<void> {
  const recorded = published.filter(isEventOrLog);
  // Where workloads ran and nothing was said, nobody listened.
  const ran = exchanges.some(({ reply }) => JSON.stringify(reply).includes('"started":true'));
  if (ran && recorded.length === 0) return;
  const heard = () => player.published(exchanges);
  await comparePublications(recorded, heard, publishedDifferences[scenario] ?? [], scenario);
}

function compareDifferent(difference: Difference, reply: string | undefined, where: string): void {
  switch (difference.ends) {
    case 'silence':
      assert.equal(reply, undefined, where);
      break;
    case 'reply':
      assert.match(reply ?? '', difference.reply, where);
      break;
    default:
      assert.equal(errorOf(reply, where), difference.error, where);
  }
}
