import type * as vscode from 'vscode';
import { z } from 'zod';

const rememberedSchema = z.record(z.string(), z.array(z.string()));
const key = 'nex.triggerSubjects';

/** Trigger subjects by file, as this workspace last used them. */
export class TriggerMemory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  get(file: string): string[] | undefined {
    return this.all()[file];
  }

  all(): Record<string, string[]> {
    return rememberedSchema.safeParse(this.#state.get(key)).data ?? {};
  }

  async set(file: string, subjects: string[]): Promise<void> {
    await this.#state.update(key, { ...this.all(), [file]: subjects });
  }
}
