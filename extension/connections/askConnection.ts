import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { askDetails } from './askDetails.ts';
import { askFile } from './askFile.ts';
import { askText, refuseEmpty } from './askText.ts';
import { placeOf } from './connection.ts';
import {
  detailsOf,
  needsSecret,
  secretName,
  type Login,
  type OwnConnection,
} from './ownConnections.ts';

export interface AnsweredConnection {
  connection: OwnConnection;
  /** Undefined where there is none, or the one that is stored stays. */
  secret: string | undefined;
}

/** Asks for a connection, step by step, with what it is now. Undefined where the person cancels. */
export async function askConnection(
  before?: OwnConnection,
): Promise<AnsweredConnection | undefined> {
  const title = before === undefined ? 'Add Connection' : `Edit ${before.name}`;
  const url = await askUrl(title, before?.url);
  if (url === undefined) return undefined;
  const login = await askLogin(title, before?.login);
  if (login === undefined) return undefined;
  const isKept = before?.login.kind === login.kind;
  const secret = needsSecret(login) ? await askSecret(title, login, isKept) : '';
  if (secret === undefined) return undefined;
  const details = await askDetails(title, detailsOf(before));
  if (details === undefined) return undefined;
  const name = await askName(title, before?.name ?? placeOf(url));
  if (name === undefined) return undefined;
  const id = before?.id ?? randomUUID();
  return {
    connection: { id, name, url, login, ...details },
    secret: secret === '' ? undefined : secret,
  };
}

const askUrl = (title: string, value = 'nats://') =>
  askText(title, 'URL of the NATS server, several separated by commas', value, (text) => {
    if (text.includes('@')) return 'Leave user and password out: they are asked for next.';
    const urls = text.split(',').map((url) => url.trim());
    if (urls.every((url) => /^(nats|tls):\/\/[^/\s]+$/.test(url))) return undefined;
    return 'Write it as nats://HOST:PORT.';
  });

const loginTexts: Readonly<Record<Login['kind'], string>> = {
  none: 'No login',
  user: 'User and password',
  token: 'Token',
  creds: 'Credentials file (.creds)',
  nkey: 'NKey seed file (.nk)',
};

async function askLogin(title: string, before?: Login): Promise<Login | undefined> {
  const kinds = Object.keys(loginTexts) as Login['kind'][];
  // What it is now comes first, so that Enter keeps it.
  kinds.sort((a, b) => Number(b === before?.kind) - Number(a === before?.kind));
  const items = kinds.map((login) => ({ label: loginTexts[login], login }));
  const options = { title, placeHolder: 'How to log in', ignoreFocusOut: true };
  const kind = (await vscode.window.showQuickPick(items, options))?.login;
  switch (kind) {
    case undefined:
      return undefined;
    case 'none':
    case 'token':
      return { kind };
    case 'user': {
      const value = before?.kind === 'user' ? before.user : '';
      const user = await askText(title, 'User', value, refuseEmpty);
      return user === undefined ? undefined : { kind, user };
    }
    default: {
      const value = before?.kind === kind ? before.file : undefined;
      const file = await askFile(title, loginTexts[kind], value);
      return file === undefined ? undefined : { kind, file };
    }
  }
}

/** Empty where the one that is stored is to stay. */
function askSecret(title: string, login: Login, isStored: boolean): Thenable<string | undefined> {
  const name = secretName(login);
  const prompt = isStored ? `The ${name}; leave it empty to keep the one that is stored` : name;
  return vscode.window.showInputBox({
    ...{ title, password: true, ignoreFocusOut: true },
    prompt: prompt.replace(/^[a-z]/, (letter) => letter.toUpperCase()),
    validateInput: (text) => (isStored ? undefined : refuseEmpty(text)),
  });
}

const askName = (title: string, value: string) =>
  askText(title, 'Name of the connection', value, refuseEmpty);
