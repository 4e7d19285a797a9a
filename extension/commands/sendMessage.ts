import * as vscode from 'vscode';
import { isNoResponders } from '../../runtime/client/natsErrors.ts';
import { NexError } from '../../runtime/protocol/nexError.ts';
import { errorHeader } from '../../runtime/protocol/serviceErrors.ts';
import { findSubjectFault } from '../../runtime/protocol/triggerSubject.ts';
import { chooseWorkload } from '../chooseWorkload.ts';
import type { ConnectedNats } from '../connections/connection.ts';
import { isNodesItem } from '../views/nodesItem.ts';
import { requireTrust } from '../programFile.ts';
import type { Services } from '../services.ts';

const payloadKey = 'nex.payload';
/** A reply may take as long as somebody looks at the invocation in the debugger, in ms. */
const replyMs = 24 * 3_600_000;

/** Sends a request to a subject that is given or asked for, and shows the reply. Resolves with the reply's text. */
export async function sendMessage(
  services: Services,
  target?: unknown,
): Promise<string | undefined> {
  requireTrust();
  const chosen = await chooseTarget(services, target);
  if (chosen === undefined) return undefined;
  const subject = await askSubject(chosen.subject);
  if (subject === undefined) return undefined;
  const payload = await askPayload(services, subject);
  if (payload === undefined) return undefined;
  const reply = await request(chosen.nats, subject, payload);
  services.log.info(`${subject} replied: ${reply}`);
  void showReply(subject, reply);
  return reply;
}

/** Where to, and the subject to begin with. */
interface Target {
  nats: ConnectedNats;
  subject: string;
}

/** Of a workload it is its NATS; a subject alone is one of this window's. */
async function chooseTarget(services: Services, target: unknown): Promise<Target | undefined> {
  const { connections, link, nodesView } = services;
  if (typeof target === 'string') return { nats: await link.ensure(), subject: target };
  if (target === undefined) {
    const nats = await link.ensure();
    return { nats, subject: nodesView.nodes[0]?.workloads[0]?.triggerSubjects[0] ?? '' };
  }
  const workload = await chooseWorkload(services, target, 'Workload to send a message to');
  if (workload === undefined) return undefined;
  const { connectionId, triggerSubjects } = workload;
  const isTrigger = isNodesItem(target) && target.kind === 'trigger';
  const subject = isTrigger ? target.subject : (triggerSubjects[0] ?? '');
  return { nats: connections.requireNats(connectionId), subject };
}

/** A subject to send to has no wildcards: those of a trigger subject are for the person to fill in. */
async function askSubject(suggestion: string): Promise<string | undefined> {
  if (suggestion !== '' && !isPattern(suggestion)) return suggestion;
  return vscode.window.showInputBox({
    title: 'Send message',
    prompt: 'Subject',
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (isPattern(text)) return 'A message has one subject: replace the wildcards.';
      const fault = findSubjectFault(text);
      return fault === undefined ? undefined : `This cannot be a subject: ${fault}.`;
    },
  });
}

const isPattern = (subject: string) =>
  subject.split('.').some((token) => token === '*' || token === '>');

async function askPayload({ state }: Services, subject: string): Promise<string | undefined> {
  const last = state.get<unknown>(`${payloadKey}:${subject}`);
  const payload = await vscode.window.showInputBox({
    title: `Send message to ${subject}`,
    prompt: 'Payload, as text',
    value: typeof last === 'string' ? last : 'hello nex!',
    ignoreFocusOut: true,
  });
  if (payload !== undefined) await state.update(`${payloadKey}:${subject}`, payload);
  return payload;
}

async function request(
  { connection }: ConnectedNats,
  subject: string,
  payload: string,
): Promise<string> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Waiting for the reply of ${subject}`,
    cancellable: true,
  };
  return await vscode.window.withProgress(options, async (_, token) => {
    const cancelled = new Promise<never>((_resolve, reject) => {
      token.onCancellationRequested(() => reject(new NexError('cancelled', 'Cancelled.')));
    });
    try {
      const sent = connection.request(subject, payload, { timeout: replyMs });
      const reply = await Promise.race([sent, cancelled]);
      const failure = reply.headers?.get(errorHeader);
      if (failure === undefined || failure === '') return reply.string();
      throw new NexError('invocation-failed', `${subject} failed: ${failure}`);
    } catch (error) {
      if (!isNoResponders(error)) throw error;
      throw new NexError('no-responders', `Nobody answers on ${subject}.`, {
        remedy: 'Run a function on that subject first.',
        cause: error,
      });
    }
  });
}

async function showReply(subject: string, reply: string): Promise<void> {
  const copy = 'Copy';
  const shown = reply.length > 300 ? `${reply.slice(0, 300)}…` : reply;
  const answer = await vscode.window.showInformationMessage(`${subject} replied: ${shown}`, copy);
  if (answer === copy) await vscode.env.clipboard.writeText(reply);
}
