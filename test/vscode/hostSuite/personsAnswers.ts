import * as vscode from 'vscode';

/** What a person sees of the extension's messages, and which button of modal ones they press. */
export interface Person {
  /** Texts of the messages shown so far. */
  readonly seen: readonly string[];
  dispose(): void;
}

const methods = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const;

type Show = (text: string, ...rest: unknown[]) => Thenable<unknown>;

/**
 * Reads messages for a person until disposed. VS Code has no command that presses a button of a modal message, and
 * opens none at all under test on the desktop: the answer, and it alone, is given here. All others are shown as ever.
 *
 * @param button what is pressed in a modal message; it is closed where not given
 */
export function seatPerson(button?: string): Person {
  const seen: string[] = [];
  // The tests lie in the extension's folder, so that both hold the same object.
  const window = vscode.window as unknown as Record<(typeof methods)[number], Show>;
  const undo = methods.map((method) => {
    const show = window[method];
    window[method] = (text, ...rest) => {
      seen.push(text);
      return isModal(rest[0]) ? Promise.resolve(button) : show(text, ...rest);
    };
    return () => {
      window[method] = show;
    };
  });
  return { seen, dispose: () => undo.forEach((restore) => restore()) };
}

const isModal = (options: unknown) =>
  typeof options === 'object' && options !== null && 'modal' in options && options.modal === true;
