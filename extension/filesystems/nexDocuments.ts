import * as vscode from 'vscode';
import { readMessage, readValue } from '../node/jetStream.ts';
import type { NodeLink } from '../node/nodeLink.ts';

/** Scheme of read-only documents: `nex:/kv/BUCKET/KEY` and `nex:/stream/STREAM/SEQ`, with an extension by content. */
export const documentScheme = 'nex';

export const keyUri = (bucket: string, key: string) =>
  vscode.Uri.from({ scheme: documentScheme, path: `/kv/${bucket}/${key}` });
export const messageUri = (stream: string, seq: number) =>
  vscode.Uri.from({ scheme: documentScheme, path: `/stream/${stream}/${seq}` });

/** Values of KV keys and payloads of stored messages as documents. */
export class NexDocuments implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #link: NodeLink;

  constructor(link: NodeLink) {
    this.#link = link;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const node = this.#link.requireNode();
    const [, kind, container = '', ...rest] = uri.path.split('/');
    const name = rest.join('/');
    if (kind === 'kv') {
      const entry = await readValue(node, container, name);
      if (entry === null) throw vscode.FileSystemError.FileNotFound(uri);
      return formatBytes(entry.value);
    }
    const message = await readMessage(node, container, Number(name));
    if (message === null) throw vscode.FileSystemError.FileNotFound(uri);
    return formatBytes(message.data);
  }

  /** Values change; messages never do. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === documentScheme && uri.path.startsWith('/kv/')) this.#changed.fire(uri);
    }
  }

  /** Gives JSON its language. */
  async adopt(document: vscode.TextDocument): Promise<void> {
    if (document.uri.scheme !== documentScheme || !isJson(document.getText())) return;
    await vscode.languages.setTextDocumentLanguage(document, 'json');
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** JSON indented where that changes nothing else, other text as it is, bytes that are no text as a hex dump. */
function formatBytes(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return isJson(text) ? indent(text) : text;
  } catch {
    return hexDump(bytes);
  }
}

/** Numbers beyond a double's precision, repeated members and the like are to be seen as they are. */
function indent(json: string): string {
  const value: unknown = JSON.parse(json);
  return JSON.stringify(value) === json ? JSON.stringify(value, undefined, 2) : json;
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const row = [...bytes.subarray(offset, offset + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.'));
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text.join('')}`);
  }
  return lines.join('\n');
}
