import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, extname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { NexError, errorText } from '../protocol/nexError.ts';
import type { NatsTarget } from './natsTarget.ts';

/** Nearly every member is a string there, `""` for unset. */
const member = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

/** What we understand of a context file of the `nats` CLI. */
const contextSchema = z.object({
  url: member,
  creds: member,
  user: member,
  password: member,
  token: member,
  nkey: member,
  cert: member,
  key: member,
  ca: member,
  inbox_prefix: member,
  nsc: member,
  user_jwt: member,
  user_seed: member,
  jetstream_domain: member,
  jetstream_api_prefix: member,
  socks_proxy: member,
  tls_first: z.boolean().optional(),
});
type NatsContext = z.infer<typeof contextSchema>;

/** What would lead somewhere else, or to another user, if it were passed over. */
const unsupported = ['socks_proxy', 'jetstream_api_prefix', 'nsc'] as const;

/** What a context of the `nats` CLI (`$XDG_CONFIG_HOME/nats/context/<name>.json`) says, or one at a path. */
export async function readNatsContext(name: string): Promise<NatsTarget> {
  const context = await parseContext(name, contextFile(name));
  const other = unsupported.find((each) => context[each] !== undefined);
  // With credentials beside it, `nsc` is where they came from.
  if (other !== undefined && !(other === 'nsc' && context.creds !== undefined)) {
    throw new NexError(
      'context-unsupported',
      `The context "${name}" has \`${other}\`, which cannot be used here.`,
      { remedy: 'Use a context without it; for `nsc`, one with the credentials file.' },
    );
  }
  const { url, cert, key, ca, creds, user, password, token, nkey } = context;
  return {
    ...{ server: url, creds, user, password, token, nkey },
    ...{ tlscert: cert, tlskey: key, tlsca: ca, tlsfirst: context.tls_first },
    ...{ userJwt: context.user_jwt, userSeed: context.user_seed },
    ...{ inboxPrefix: context.inbox_prefix, jsdomain: context.jetstream_domain },
  };
}

/** Names of the contexts that the `nats` CLI has saved, in order; none where it has none. */
export async function listNatsContexts(): Promise<string[]> {
  const files = await readdir(contextDirectory()).catch(() => []);
  return files
    .filter((file) => extname(file) === '.json')
    .map((file) => basename(file, '.json'))
    .sort((a, b) => a.localeCompare(b));
}

const contextFile = (name: string) =>
  isAbsolute(name) ? name : join(contextDirectory(), `${name}.json`);

function contextDirectory(): string {
  const configuration = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return join(configuration, 'nats', 'context');
}

async function parseContext(name: string, file: string): Promise<NatsContext> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new NexError('context-not-found', `There is no NATS context "${name}" (${file}).`, {
      remedy: 'List yours with `nats context ls`, or give --server and --creds.',
      cause,
    });
  }
  try {
    return contextSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new NexError(
      'context-unreadable',
      `The NATS context ${file} is not what the nats CLI writes: ${errorText(cause)}`,
      { remedy: 'Save it again with `nats context save`.', cause },
    );
  }
}
