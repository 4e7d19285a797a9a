import * as vscode from 'vscode';
import { NexError } from '../runtime/protocol/nexError.ts';

const key = 'nex.replayConfirmed';

/** Says, once in each workspace, what a replay does to the world. Throws `cancelled` where the person declines. */
export async function confirmReplay(state: vscode.Memento): Promise<void> {
  if (state.get<unknown>(key) === true) return;
  const replay = 'Replay';
  const answer = await vscode.window.showWarningMessage(
    'Host services are live in a replay.',
    {
      modal: true,
      detail:
        'What the function writes to KV, object store, HTTP or messaging is written again. The reply is not ' +
        'published, and nothing is acknowledged or consumed.',
    },
    replay,
  );
  if (answer !== replay) throw new NexError('cancelled', 'Nothing was replayed.');
  await state.update(key, true);
}
