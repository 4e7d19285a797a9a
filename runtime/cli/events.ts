import type { NatsConnection } from '@nats-io/transport-node';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { reportConnection } from '../client/reportConnection.ts';
import { allEvents, systemNamespace } from '../protocol/events.ts';
import {
  formatEvent,
  nodeOf,
  parseEventMessage,
  textOf,
  type PublishedEvent,
} from './eventLine.ts';
import { interruptSignal } from './interrupt.ts';
import { print, printJson, printNotice, styled } from './output.ts';
import { collect } from './parseArguments.ts';
import { createVerb, withConnection, type VerbOptions } from './verb.ts';
import { addFilterOptions, passesFilter, type WorkloadFilter } from './workloadFilter.ts';

interface EventsOptions extends VerbOptions, WorkloadFilter {
  type?: string[];
}

export function createEventsCommand(): Command {
  const example =
    'nexdev events --namespace default\nnexdev events --type workload_deployed --json';
  const type = new Option('--type <type>', 'only events of this type; repeatable').argParser(
    parseTypes,
  );
  return addFilterOptions(createVerb('events', 'Follow the events of nodes and workloads', example))
    .addOption(type)
    .action(showEvents);
}

function parseTypes(text: string, earlier?: string[]): string[] {
  if (/^[^\s.*>]+$/.test(text)) return collect(text, earlier);
  throw new InvalidArgumentError('A type is one word, such as workload_deployed.');
}

async function showEvents(options: EventsOptions): Promise<void> {
  const signal = interruptSignal();
  await withConnection(options, (connection) => {
    if (!options.json) void reportConnection(connection, printNotice);
    return followEvents(connection, options, signal);
  });
}

async function followEvents(
  connection: NatsConnection,
  options: EventsOptions,
  signal: AbortSignal,
): Promise<void> {
  const subscription = connection.subscribe(allEvents);
  const stop = () => subscription.unsubscribe();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  for await (const message of subscription) {
    const published = parseEventMessage(message.subject, message.string());
    if (published === undefined || !(await isWanted(options, published))) continue;
    if (options.json) printJson({ ...published.event, namespace: published.namespace });
    else
      print(`${styled('dim', new Date().toLocaleTimeString('en-GB'))}  ${formatEvent(published)}`);
  }
}

/** As with `nex`, a namespace comes with what nodes say of themselves, unless a workload is asked for. */
export async function isWanted(
  { namespace, type, ...filter }: EventsOptions,
  { namespace: own, event }: PublishedEvent,
): Promise<boolean> {
  if (type !== undefined && !type.includes(event.type)) return false;
  const subject = {
    namespace: own,
    nodeId: nodeOf(event),
    workloadId: textOf(event, 'workload_id'),
  };
  const wanted = own === systemNamespace || namespace === undefined ? {} : { namespace };
  return passesFilter({ ...filter, ...wanted }, subject, () => textOf(event, 'workload_name'));
}
