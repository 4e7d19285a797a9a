import { Command, Option } from 'commander';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../client/connectNats.ts';
import type { NatsTarget } from '../client/natsTarget.ts';
import { connectionOptions } from './connectionOptions.ts';

/** Options that every verb has that talks to NATS. */
export interface VerbOptions extends NatsTarget {
  json?: true;
}

export const jsonOption = () => new Option('--json', 'print JSON, errors included');

/** A verb with an example at the end of its help. */
export const createLocalVerb = (name: string, description: string, example: string): Command =>
  new Command(name)
    .description(description)
    .addOption(jsonOption())
    .addHelpText('after', `\nExample:\n${example.replace(/^/gm, '  ')}`);

/** A verb that talks to NATS: with the options that say which. */
export const createVerb = (name: string, description: string, example: string): Command =>
  connectionOptions().reduce(
    (verb, option) => verb.addOption(option),
    createLocalVerb(name, description, example),
  );

/** Runs `work` on a connection of its own, which is closed afterwards whatever happens. */
export async function withConnection<T>(
  options: VerbOptions,
  work: (connection: NatsConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectNats({ ...options, name: 'nexdev' });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Whether somebody said which NATS is meant, so that no other may be taken. */
export const isExplicit = ({ server, context }: NatsTarget): boolean =>
  server !== undefined || context !== undefined || (process.env['NATS_URL'] ?? '') !== '';
