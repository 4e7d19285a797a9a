import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { comparable, type Publication } from './publications.ts';
import type { PublishedDifference } from './differences.ts';

/** What differs, one comparable text a member; each has its place in one list only. */
interface Rest {
  readonly missing: string[];
  readonly unexpected: string[];
}

/** The real node loses these at times, when its agent is faster than itself. */
const isLostByReal = (text: string) => /workload_deployed|"Workload [\w-]+ deployed"/.test(text);

/** Longer than the 10 s that a real node waits for its agent. */
const deadlineMs = 25_000;

/**
 * Waits until what the real node published is published by ours too, without regard to order (the real one has none),
 * and nothing else, but for the differences that are meant: each of them must be one.
 */
export async function comparePublications(
  recorded: readonly Publication[],
  heard: () => Promise<readonly Publication[]>,
  differences: readonly PublishedDifference[],
  where: string,
): Promise<void> {
  const expected = recorded.map(comparable);
  const rest = async () => unexplained(compare(expected, await heard()), differences);
  const deadline = Date.now() + deadlineMs;
  let left = await rest();
  while (left.missing.length + left.unexpected.length > 0 && Date.now() < deadline) {
    await pause(50);
    left = await rest();
  }
  assert.deepEqual(left, { missing: [], unexpected: [] }, `${where}: published`);
}

function compare(expected: readonly string[], heard: readonly Publication[]): Rest {
  const missing = [...expected];
  const unexpected: string[] = [];
  for (const text of heard.map(comparable)) {
    const index = missing.indexOf(text);
    if (index >= 0) missing.splice(index, 1);
    else if (!isLostByReal(text)) unexpected.push(text);
  }
  return { missing, unexpected };
}

/** A difference that there is not is as unexpected as one that nobody meant. */
function unexplained(
  { missing, unexpected }: Rest,
  differences: readonly PublishedDifference[],
): Rest {
  const theirs = differences.flatMap((difference) => difference.theirs ?? []);
  const ours = differences.flatMap((difference) => difference.ours ?? []);
  return {
    missing: [...without(missing, theirs), ...unused(ours, unexpected)],
    unexpected: [...without(unexpected, ours), ...unused(theirs, missing)],
  };
}

const without = (texts: readonly string[], patterns: readonly RegExp[]) =>
  texts.filter((text) => !patterns.some((pattern) => pattern.test(text)));

const unused = (patterns: readonly RegExp[], texts: readonly string[]) =>
  patterns.filter((pattern) => !texts.some((text) => pattern.test(text))).map(String);
