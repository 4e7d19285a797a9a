import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { NexError, errorText } from '../protocol/nexError.ts';

/** What of a login other processes of this user are told: paths of files, and nothing secret. */
export interface LoginFiles {
  creds?: string | undefined;
  nkey?: string | undefined;
  tlscert?: string | undefined;
  tlskey?: string | undefined;
  tlsca?: string | undefined;
  /** The TLS handshake comes before all else. */
  tlsfirst?: boolean | undefined;
  /** JetStream domain. */
  jsdomain?: string | undefined;
  inboxPrefix?: string | undefined;
}

/** How to log in to a NATS, in the words of the `nex` CLI's flags. */
export interface NatsLogin extends LoginFiles {
  /** Without a password it is a token. */
  user?: string | undefined;
  password?: string | undefined;
  token?: string | undefined;
  userJwt?: string | undefined;
  userSeed?: string | undefined;
}

/** Which NATS to talk to; all empty means this machine's own. */
export interface NatsTarget extends NatsLogin {
  /** URL, or several separated by commas; each may carry `user:password@`. */
  server?: string | undefined;
  /** Name of a context of the `nats` CLI; replaces all others. */
  context?: string | undefined;
}

/** Reads the files that a login names. Throws `credentials-unreadable`, or `invalid-server` for what is no URL. */
export async function readNatsOptions(server: string, target: NatsTarget): Promise<NatsOptions> {
  const { servers, ...inUrl } = splitUrls(server);
  const { creds, nkey, tlscert, tlskey, tlsca, tlsfirst, jsdomain, inboxPrefix } = target;
  const [credsText, nkeyText, cert, key, ca] = await Promise.all([
    readLogin(creds, 'credentials'),
    readLogin(nkey, 'nkey'),
    readLogin(tlscert, 'certificate'),
    readLogin(tlskey, 'key'),
    readLogin(tlsca, 'CA certificate'),
  ]);
  const tls = { ...given({ cert, key, ca }), ...(tlsfirst === true ? { first: true } : {}) };
  const wantsTls = Object.keys(tls).length > 0 || /\btls:\/\//i.test(server);
  return {
    servers,
    ...given({ ...inUrl, ...password(target) }),
    ...given({ creds: credsText, nkey: nkeyText?.trim(), inboxPrefix, jsdomain }),
    ...given({ userJwt: target.userJwt, userSeed: target.userSeed }),
    ...(wantsTls ? { tls } : {}),
  };
}

/** The files by absolute paths. */
export function loginFiles(login: LoginFiles): LoginFiles {
  const { creds, nkey, tlscert, tlskey, tlsca, tlsfirst, jsdomain, inboxPrefix } = login;
  const files = Object.entries(given({ creds, nkey, tlscert, tlskey, tlsca }));
  return {
    ...Object.fromEntries(files.map(([name, file]) => [name, resolve(expandHome(file))])),
    ...given({ jsdomain, inboxPrefix }),
    ...(tlsfirst === true ? { tlsfirst } : {}),
  };
}

/** `nats://user:password@host` as the `nats` CLI takes it: the client library would ignore who is named there. */
function splitUrls(server: string): NatsOptions {
  const urls = server.split(',').map((url) => url.trim());
  const logins = urls.map((url) => parseUrl(url));
  const named = logins.find(({ username }) => username !== '');
  const servers = urls.map((url) => url.replace(/^([a-z]+:\/\/)?[^/@]*@/i, '$1')).join(',');
  if (named === undefined) return { servers };
  const user = decodeURIComponent(named.username);
  const word = named.password === '' ? undefined : decodeURIComponent(named.password);
  return { servers, ...password({ user, password: word }) };
}

function parseUrl(url: string): URL {
  try {
    return new URL(url.includes('://') ? url : `nats://${url}`);
  } catch (cause) {
    // Not the text itself: it may hold a password.
    throw new NexError('invalid-server', 'The NATS server is not given as a URL.', {
      remedy: 'Write it as nats://HOST:PORT, several separated by commas.',
      cause,
    });
  }
}

function password({ user, password: word, token }: NatsLogin): Partial<NatsOptions> {
  if (token !== undefined) return { token };
  if (user === undefined) return {};
  return word === undefined ? { token: user } : { user, password: word };
}

const readLogin = (file: string | undefined, kind: string) =>
  file === undefined ? undefined : readSecret(file, kind);

/** `kind` is what the message calls it. */
async function readSecret(file: string, kind: string): Promise<string> {
  try {
    return await readFile(expandHome(file), 'utf8');
  } catch (cause) {
    throw new NexError(
      'credentials-unreadable',
      `The ${kind} file ${file} cannot be read: ${errorText(cause)}`,
      { remedy: 'Check the path and that you may read the file.', cause },
    );
  }
}

const expandHome = (file: string) => file.replace(/^~(?=[/\\])/, homedir());

/** The members that are there. */
function given<Value>(members: Record<string, Value | undefined>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
