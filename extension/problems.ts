import { fileURLToPath } from 'node:url';
import * as vscode from 'vscode';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { Warning } from '../runtime/protocol/warnings.ts';

type Found = [vscode.Uri, vscode.Diagnostic[]];

/**
 * What building a program has found, in the Problems view: errors that keep it from being built, else what a real Nex
 * node would do otherwise. Each program has a collection of its own, since two may share a file.
 */
export class Problems {
  readonly #collections = new Map<string, vscode.DiagnosticCollection>();

  /** Errors without a place in a source are not a matter of the Problems view. */
  showError(program: string, error: unknown): void {
    const diagnostics = error instanceof NexError ? error.diagnostics : [];
    this.#show(
      program,
      diagnostics.map(({ file, text, ...place }) => [
        vscode.Uri.file(file),
        [diagnostic(place, text, vscode.DiagnosticSeverity.Error)],
      ]),
    );
  }

  showWarnings(program: string, warnings: readonly Warning[]): void {
    const found = warnings.flatMap(({ code, text, source }): Found[] => {
      if (source?.url.startsWith('file:') !== true) return [];
      const one = diagnostic(source, text, vscode.DiagnosticSeverity.Information);
      one.code = code;
      return [[vscode.Uri.file(fileURLToPath(source.url)), [one]]];
    });
    this.#show(program, found);
  }

  dispose(): void {
    for (const collection of this.#collections.values()) collection.dispose();
    this.#collections.clear();
  }

  #show(program: string, found: readonly Found[]): void {
    const known = this.#collections.get(program);
    const collection = known ?? vscode.languages.createDiagnosticCollection();
    this.#collections.set(program, collection);
    collection.clear();
    // VS Code joins the entries of one file.
    collection.set(found);
  }
}

interface Place {
  line: number;
  column: number;
  endLine?: number | undefined;
  endColumn?: number | undefined;
}

/** Places are 1-based with us, 0-based in VS Code. Without an end it is one character, which VS Code widens to its word. */
function diagnostic(
  { line, column, endLine = line, endColumn = column }: Place,
  text: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  const one = new vscode.Diagnostic(range, text, severity);
  one.source = 'Nex';
  return one;
}
