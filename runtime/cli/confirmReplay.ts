import { createInterface } from 'node:readline/promises';
import { NexError } from '../protocol/nexError.ts';
import { printNotice } from './output.ts';

const notice =
  'Host services are live in a replay: what the function writes to KV, object store, HTTP or messaging is ' +
  'written again. The reply is not published, and nothing is acknowledged or consumed.';

/** Says what a replay does and asks whether it may. Throws `not-confirmed` where nobody can or wants to say yes. */
export async function confirmReplay(signal: AbortSignal): Promise<void> {
  printNotice(notice);
  if (!process.stdin.isTTY) {
    throw new NexError('not-confirmed', 'A replay has to be confirmed, and there is no terminal.', {
      remedy: 'Give --yes in scripts.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Replay it? [y/N] ', { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    // The cursor still stands behind the question.
    printNotice('');
    throw error;
  } finally {
    terminal.close();
  }
  throw new NexError('not-confirmed', 'Nothing was replayed.');
}
