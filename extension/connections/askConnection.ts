import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { needsSecret, secretName, type Login, type OwnConnection } from './ownConnections.ts';
import { placeOf } from './connection.ts';

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
  const authorities = await askAuthorities(title, before?.tlsca);
  if (authorities === undefined) return undefined;
  const name = await askName(title, before?.name ?? placeOf(url));
  if (name === undefined) return undefined;
  const { tlsca } = authorities;
  const id = before?.id ?? randomUUID();
  const connection = { id, name, url, login, ...(tlsca === undefined ? {} : { tlsca }) };
  return { connection, secret: secret === '' ? undefined : secret };
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

async function askAuthorities(
  title: string,
  before?: string,
): Promise<{ tlsca: string | undefined } | undefined> {
  const kept = { label: before ?? '', description: 'as now', answer: 'keep' } as const;
  const items = [
    ...(before === undefined ? [] : [kept]),
    { label: 'Authorities of this machine', answer: 'system' } as const,
    { label: 'A CA certificate file…', answer: 'file' } as const,
  ];
  const placeHolder = 'Whom to trust where the server uses TLS';
  const options = { title, placeHolder, ignoreFocusOut: true };
  const answer = (await vscode.window.showQuickPick(items, options))?.answer;
  if (answer === undefined) return undefined;
  if (answer !== 'file') return { tlsca: answer === 'keep' ? before : undefined };
  const tlsca = await askFile(title, 'CA certificate');
  return tlsca === undefined ? undefined : { tlsca };
}

const askName = (title: string, value: string) =>
  askText(title, 'Name of the connection', value, refuseEmpty);

async function askFile(title: string, what: string, before?: string): Promise<string | undefined> {
  const defaultUri = before === undefined ? {} : { defaultUri: vscode.Uri.file(before) };
  const files = await vscode.window.showOpenDialog({
    title: `${title}: ${what}`,
    openLabel: 'Use This File',
    ...defaultUri,
  });
  return files?.[0]?.fsPath;
}

async function askText(
  title: string,
  prompt: string,
  value: string,
  validateInput: (text: string) => string | undefined,
): Promise<string | undefined> {
  const options = { title, prompt, value, validateInput, ignoreFocusOut: true };
  return (await vscode.window.showInputBox(options))?.trim();
}

const refuseEmpty = (text: string) => (text.trim() === '' ? 'It cannot be empty.' : undefined);
