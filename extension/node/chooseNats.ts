import * as vscode from 'vscode';
import { connectNats, defaultServer } from '../../runtime/client/connectNats.ts';
import type { NatsTarget } from '../../runtime/client/natsTarget.ts';
import { findLocalNode } from '../../runtime/client/startLocalNode.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { readSettings, rememberNats } from '../nexSettings.ts';

/**
 * Which NATS to join, or undefined for one of our own: the setting, else our own node where it runs, else the answer
 * to a question that is asked once in each workspace, and only where somebody else's NATS server runs on 4222.
 */
export async function chooseNats(): Promise<NatsTarget | undefined> {
  const { nats, serverUrl } = readSettings();
  if (serverUrl !== undefined) return { server: serverUrl };
  if (nats === 'separate' || (await findLocalNode()) !== undefined) return undefined;
  if (!(await runsElsewhere())) return undefined;
  const choice = nats === 'join' ? nats : await ask();
  return choice === 'join' ? { server: defaultServer } : undefined;
}

async function runsElsewhere(): Promise<boolean> {
  try {
    await using connection = await connectNats({ server: defaultServer, name: 'nex-devrun probe' });
    return !connection.isClosed();
  } catch (error) {
    // It is there, and wants credentials: worth asking about all the same.
    return error instanceof NexError && error.code === 'nats-authorization';
  }
}

async function ask(): Promise<'join' | 'separate'> {
  const join = 'Join It';
  const separate = 'Start a Separate One';
  const answer = await vscode.window.showInformationMessage(
    'A NATS server already runs on port 4222 of this machine.',
    {
      modal: true,
      detail:
        'Functions can run on it, beside what is there already, or on a separate NATS server with a store of its own. ' +
        'The answer is kept for this workspace in the setting nex.nats.',
    },
    join,
    separate,
  );
  if (answer === undefined) throw new NexError('cancelled', 'No NATS server was chosen.');
  const choice = answer === join ? 'join' : 'separate';
  await rememberNats(choice);
  return choice;
}
