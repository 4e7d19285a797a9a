import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import {
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import { z } from 'zod';
import { NexError, errorText } from '../protocol/nexError.ts';

/** What we understand of a context file of the `nats` CLI; every member is a string there, `""` for unset. */
const contextSchema = z.object({
  url: z.string().default(''),
  creds: z.string().default(''),
  user: z.string().default(''),
  password: z.string().default(''),
  token: z.string().default(''),
  nkey: z.string().default(''),
  cert: z.string().default(''),
  key: z.string().default(''),
  ca: z.string().default(''),
  inbox_prefix: z.string().default(''),
});
type NatsContext = z.infer<typeof contextSchema>;

/** Connection options of a context of the `nats` CLI (`$XDG_CONFIG_HOME/nats/context/<name>.json`), or of a path. */
export async function readNatsContext(name: string): Promise<NodeConnectionOptions> {
  const context = await parseContext(name, contextFile(name));
  return {
    ...(context.url === '' ? {} : { servers: context.url.split(',') }),
    ...(context.inbox_prefix === '' ? {} : { inboxPrefix: context.inbox_prefix }),
    ...tlsOptions(context),
    ...(await authentication(context)),
  };
}

/** Server and credentials file of a context, for a node and its agents, which know no other way to log in. */
export async function readContextAddress(
  name: string,
): Promise<{ servers: string; creds?: string }> {
  const context = await parseContext(name, contextFile(name));
  const other = (['user', 'token', 'nkey', 'cert', 'key', 'ca'] as const).find(
    (member) => context[member] !== '',
  );
  if (other !== undefined || context.url === '') {
    const why = other === undefined ? 'names no server' : `logs in by \`${other}\``;
    throw new NexError(
      'context-unsupported',
      `A node cannot use the context "${name}": it ${why}.`,
      {
        remedy: 'Use a context with a URL and, where it needs one, a credentials file.',
      },
    );
  }
  if (context.creds === '') return { servers: context.url };
  return { servers: context.url, creds: expandHome(context.creds) };
}

/** Connection options of a credentials file. */
export async function readCredentials(file: string): Promise<NodeConnectionOptions> {
  return { authenticator: credsAuthenticator(await readSecret(file, 'credentials')) };
}

function contextFile(name: string): string {
  if (isAbsolute(name)) return name;
  const configuration = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return join(configuration, 'nats', 'context', `${name}.json`);
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

async function authentication(context: NatsContext): Promise<NodeConnectionOptions> {
  if (context.creds !== '') return readCredentials(context.creds);
  if (context.nkey !== '') {
    return { authenticator: nkeyAuthenticator(await readSecret(context.nkey, 'nkey')) };
  }
  if (context.token !== '') return { authenticator: tokenAuthenticator(context.token) };
  if (context.user === '') return {};
  return { authenticator: usernamePasswordAuthenticator(context.user, context.password) };
}

function tlsOptions({ cert, key, ca }: NatsContext): NodeConnectionOptions {
  if (cert === '' && key === '' && ca === '') return {};
  return {
    tls: {
      ...(cert === '' ? {} : { certFile: expandHome(cert) }),
      ...(key === '' ? {} : { keyFile: expandHome(key) }),
      ...(ca === '' ? {} : { caFile: expandHome(ca) }),
    },
  };
}

/** Throws `credentials-unreadable`. `~` is the home directory; `kind` is what the message calls it. */
export async function readSecret(file: string, kind: string): Promise<Uint8Array> {
  try {
    return await readFile(expandHome(file));
  } catch (cause) {
    throw new NexError(
      'credentials-unreadable',
      `The ${kind} file ${file} cannot be read: ${errorText(cause)}`,
      { remedy: 'Check the path and that you may read the file.', cause },
    );
  }
}

const expandHome = (file: string) => file.replace(/^~(?=[/\\])/, homedir());
