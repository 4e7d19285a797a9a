import * as vscode from 'vscode';
import { readJetStream, type JetStreamEntries } from '../node/jetStream.ts';
import type { NodeLink } from '../node/nodeLink.ts';
import { Refresher } from './refresher.ts';

/** While a view is looked at, in ms: one request for all streams and buckets together. */
const periodMs = 2000;

const nothing: JetStreamEntries = { streams: [], buckets: [] };

/** Streams and buckets, read anew while somebody looks at them; announces what differs from the last time. */
export class JetStreamWatch {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChange = this.#changed.event;
  readonly #link: NodeLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #refresher = new Refresher(() => this.#load());
  #entries = nothing;
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(link: NodeLink, log: vscode.LogOutputChannel) {
    this.#link = link;
    this.#log = log;
  }

  get entries(): JetStreamEntries {
    return this.#entries;
  }

  refresh(): void {
    this.#refresher.request();
  }

  /** Reads periodically while any of the views can be seen. */
  follow(views: readonly vscode.TreeView<unknown>[]): vscode.Disposable {
    const follow = () => {
      const isSeen = views.some(({ visible }) => visible);
      if (isSeen && this.#timer === undefined) {
        this.#timer = setInterval(() => this.refresh(), periodMs);
        this.refresh();
      }
      if (!isSeen) this.#stop();
    };
    follow();
    return vscode.Disposable.from(...views.map((view) => view.onDidChangeVisibility(follow)));
  }

  dispose(): void {
    this.#stop();
    this.#refresher.dispose();
    this.#changed.dispose();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #load(): Promise<void> {
    const { node } = this.#link;
    try {
      this.#entries = node === undefined ? nothing : await readJetStream(node);
    } catch (error) {
      // A server without JetStream, or one that just went away: nothing to show, and no reason to interrupt.
      this.#log.debug(`streams cannot be listed: ${String(error)}`);
      this.#entries = nothing;
    }
    const text = JSON.stringify(this.#entries);
    if (text === this.#text) return;
    this.#text = text;
    this.#changed.fire(undefined);
  }
}
