import {
  headers as createHeaders,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { Command } from 'commander';
import { DevClient } from '../client/devClient.ts';
import { ControlClient } from '../client/controlClient.ts';
import { readKeys } from '../client/keys.ts';
import { isNoResponders, isTimeout } from '../client/natsErrors.ts';
import type { WorkloadDetail } from '../protocol/devApi.ts';
import { NexError } from '../protocol/nexError.ts';
import { errorCodeHeader, errorHeader } from '../protocol/serviceErrors.ts';
import { findSubjectFault } from '../protocol/triggerSubject.ts';
import { hasDevApi } from './findWorkload.ts';
import { print, printJson, printNotice } from './output.ts';
import { collect, durationOption } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';

interface ReqOptions extends VerbOptions {
  timeout: number;
  headers?: true;
  header?: string[];
}

export function createReqCommand(): Command {
  return createVerb('req', 'Send a request and print the reply', "nexdev req echo 'hello nex!'")
    .argument('<subject>', 'subject to send it to')
    .argument('[payload]', 'text to send', '')
    .addOption(durationOption('how long to wait for the reply', 10_000))
    .option('--headers', 'print the headers of the reply, too')
    .option('-H, --header <name:value>', 'header to send; repeatable', collect)
    .action(request);
}

async function request(subject: string, payload: string, options: ReqOptions): Promise<void> {
  checkSubject(subject);
  await withConnection(options, async (connection) => {
    const reply = await ask(connection, subject, payload, options);
    if (options.headers) for (const line of headerLines(reply)) printNotice(line);
    if (options.json) printJson(describeReply(reply));
    throwFailure(reply);
    if (!options.json) await printPayload(reply);
  });
}

function checkSubject(subject: string): void {
  const hasWildcard = subject.split('.').some((token) => token === '*' || token === '>');
  const fault = hasWildcard ? 'it has a wildcard' : findSubjectFault(subject);
  if (fault === undefined) return;
  throw new NexError('invalid-subject', `Nothing can be sent to "${subject}": ${fault}.`, {
    remedy: 'Give the subject of one message, such as echo or iot.hall.',
  });
}

async function ask(
  connection: NatsConnection,
  subject: string,
  payload: string,
  { timeout, header = [] }: ReqOptions,
): Promise<Msg> {
  try {
    const headers = parseHeaders(header);
    return await connection.request(subject, payload, { timeout, ...(headers && { headers }) });
  } catch (error) {
    if (isNoResponders(error)) throw await describeSilence(connection, subject, error);
    if (!isTimeout(error)) throw error;
    throw new NexError('no-reply', `No reply on ${subject} within ${timeout} ms.`, {
      remedy: 'Somebody took the message and has not answered; wait longer with --timeout.',
      cause: error,
    });
  }
}

function parseHeaders(lines: string[]): MsgHdrs | undefined {
  if (lines.length === 0) return undefined;
  const headers = createHeaders();
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at < 1) {
      throw new NexError('invalid-header', `"${line}" is not NAME:VALUE.`, {
        remedy: 'Write a header as -H Name:value.',
      });
    }
    headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return headers;
}

async function describeSilence(
  connection: NatsConnection,
  subject: string,
  cause: unknown,
): Promise<NexError> {
  const workloads = await listTriggers(connection).catch(() => []);
  return new NexError('no-responders', `Nobody answers on ${subject}.`, {
    remedy:
      workloads.length === 0
        ? `No workload runs at ${connection.getServer()}. Deploy one: nexdev devrun FILE --trigger_subject=${subject}`
        : `Workloads that run: ${workloads.join(', ')}.`,
    cause,
  });
}

/** `echojs (echo)` for each workload of a node that we may ask. */
async function listTriggers(connection: NatsConnection): Promise<string[]> {
  const nodes = (await new ControlClient(connection).pingAll()).filter(hasDevApi);
  if (nodes.length === 0) return [];
  const { issuer } = await readKeys();
  const workloads = await Promise.all(
    nodes.map(({ node_id }) => new DevClient(connection, issuer, node_id).workloads()),
  );
  return workloads.flat().map((workload) => `${workload.name} (${describeTrigger(workload)})`);
}

function describeTrigger({ type, triggerSubjects }: WorkloadDetail): string {
  if (type === 'native') return 'service';
  return triggerSubjects.join(', ') || 'replay only';
}

function throwFailure(reply: Msg): void {
  const failure = reply.headers?.get(errorHeader) ?? '';
  if (failure === '') return;
  const code = reply.headers?.get(errorCodeHeader) ?? '';
  throw new NexError('invocation-failed', `The function failed (${code}): ${failure}`, {
    remedy: 'For the line, run `nexdev logs` in another terminal and ask again, or debug it.',
  });
}

/** The payload goes out byte for byte; the line feed after it is for terminals. */
async function printPayload(reply: Msg): Promise<void> {
  await new Promise((resolve) => process.stdout.write(reply.data, resolve));
  print('');
}

const headerLines = ({ headers }: Msg) =>
  (headers?.keys() ?? []).flatMap((name) =>
    (headers?.values(name) ?? []).map((value) => `${name}: ${value}`),
  );

function describeReply(reply: Msg) {
  const text = Buffer.from(reply.data).toString();
  const isText = Buffer.from(text).equals(reply.data);
  const names = reply.headers?.keys() ?? [];
  return {
    subject: reply.subject,
    headers: Object.fromEntries(names.map((name) => [name, reply.headers?.values(name) ?? []])),
    ...(isText ? { payload: text } : { base64: Buffer.from(reply.data).toString('base64') }),
  };
}
