import { Command, Option } from 'commander';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../client/connectNats.ts';
import type { NatsTarget } from '../client/natsTarget.ts';

/** Options that every verb has that talks to NATS. */
export interface VerbOptions extends NatsTarget {
  json?: true;
}

/** A verb with an example at the end of its help. */
export const createLocalVerb = (name: string, description: string, example: string): Command =>
  new Command(name)
    .description(description)
    .option('--json', 'print JSON, errors included')
    .addHelpText('after', `\nExample:\n${example.replace(/^/gm, '  ')}`);

/** A verb that talks to NATS: with the options that say which. */
export const createVerb = (name: string, description: string, example: string): Command =>
  createLocalVerb(name, description, example)
    .option('-s, --server <url>', 'NATS server (env NATS_URL; default: the local node’s)')
    .addOption(new Option('--creds <file>', 'NATS credentials file').env('NATS_CREDS'))
    .addOption(new Option('--nkey <file>', 'file with the seed of an nkey').env('NATS_NKEY'))
    .addOption(new Option('--user <name>', 'user, or a token').env('NATS_USER'))
    .addOption(new Option('--password <password>', 'password of --user').env('NATS_PASSWORD'))
    .addOption(new Option('--tlscert <file>', 'client certificate').env('NATS_CERT'))
    .addOption(new Option('--tlskey <file>', 'key of --tlscert').env('NATS_KEY'))
    .addOption(new Option('--tlsca <file>', 'CA that signed the server’s').env('NATS_CA'))
    .option('--tlsfirst', 'do the TLS handshake before all else')
    .option('--jsdomain <name>', 'JetStream domain to use')
    .option('--context <name>', 'context of the nats CLI; replaces all of these');

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
