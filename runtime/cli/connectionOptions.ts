import { Option, type Command } from 'commander';

/** The options that say which NATS, and who asks: those of `nex` (its `nex.go`). */
export const connectionOptions = (): Option[] => [
  new Option('-s, --server <url>', 'NATS server (env NATS_URL; default: the local node’s)'),
  new Option('--creds <file>', 'NATS credentials file').env('NATS_CREDS'),
  new Option('--nkey <file>', 'file with the seed of an nkey').env('NATS_NKEY'),
  new Option('--user <name>', 'user, or a token').env('NATS_USER'),
  new Option('--password <password>', 'password of --user').env('NATS_PASSWORD'),
  new Option('--tlscert <file>', 'client certificate').env('NATS_CERT'),
  new Option('--tlskey <file>', 'key of --tlscert').env('NATS_KEY'),
  new Option('--tlsca <file>', 'CA that signed the server’s').env('NATS_CA'),
  new Option('--tlsfirst', 'do the TLS handshake before all else'),
  new Option('--jsdomain <name>', 'JetStream domain to use'),
  new Option('--context <name>', 'context of the nats CLI; replaces all of these'),
];

/** Takes the options that many verbs have before the verb too, as `nex` does; a verb that lacks one refuses it. */
export function takeBeforeVerb(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option.hideHelp());
  return command.enablePositionalOptions().hook('preAction', (_, verb) => {
    for (const option of options) {
      const name = option.attributeName();
      if (command.getOptionValueSource(name) !== 'cli') continue;
      if (!verb.options.some((own) => own.attributeName() === name)) {
        verb.error(`error: ${verb.name()} takes no ${option.long ?? option.flags}`);
      }
      // What stands behind the verb is nearer.
      if (verb.getOptionValueSource(name) === 'cli') continue;
      verb.setOptionValueWithSource(name, command.getOptionValue(name), 'cli');
    }
  });
}
