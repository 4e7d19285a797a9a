import { NexError } from '../protocol/nexError.ts';
import { remedies } from './refusalRemedies.ts';

/** What Nex puts before the words of who refuses, one or several of it. */
const introductions =
  /^(?:Failed to (?:deploy|validate) workload: |workload rejected by agent: |failed to submit request for workload deployment: )+/;

/** Where the node's words are all there is to say. */
const lastRemedy = 'The log of the node may say more: nexdev logs --level DEBUG.';

/** What a node refused, without Nex's introductions and with what to do; the cause has the node's exact text. */
export function nodeRefusal(text: string): NexError {
  const words = text.replace(introductions, '');
  const [, remedy = lastRemedy] = remedies.find(([pattern]) => pattern.test(words)) ?? [];
  const sentence = words.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
  return new NexError('node-refused', `The node refused it: ${sentence}`, {
    remedy,
    cause: new Error(text),
  });
}
