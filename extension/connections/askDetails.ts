import * as vscode from 'vscode';
import { askFile } from './askFile.ts';
import { askText } from './askText.ts';
import type { ConnectionDetails } from './ownConnections.ts';

/** A line of the menu: choosing it gives the detail, choosing it again takes it away. */
interface Detail {
  readonly label: string;
  /** What holds without it. */
  readonly otherwise: string;
  /** What is given; undefined where nothing is. */
  readonly show: (details: ConnectionDetails) => string | undefined;
  readonly none: ConnectionDetails;
  /** Undefined where the person cancels. */
  readonly ask: (title: string) => Promise<ConnectionDetails | undefined>;
}

const authorities: Detail = {
  label: 'CA certificate',
  otherwise: 'the authorities of this machine',
  show: ({ tlsca }) => tlsca,
  none: { tlsca: undefined },
  ask: async (title) => {
    const tlsca = await askFile(title, 'CA certificate');
    return tlsca === undefined ? undefined : { tlsca };
  },
};

const clientCertificate: Detail = {
  label: 'Client certificate',
  otherwise: 'none',
  show: ({ tlscert }) => tlscert,
  none: { tlscert: undefined, tlskey: undefined },
  ask: async (title) => {
    const tlscert = await askFile(title, 'Client certificate');
    if (tlscert === undefined) return undefined;
    const tlskey = await askFile(title, 'Key of the client certificate', tlscert);
    return tlskey === undefined ? undefined : { tlscert, tlskey };
  },
};

const handshakeFirst: Detail = {
  label: 'TLS handshake first',
  otherwise: 'no, as most servers want it',
  show: ({ tlsfirst }) => (tlsfirst === true ? 'yes' : undefined),
  none: { tlsfirst: undefined },
  ask: () => Promise.resolve({ tlsfirst: true }),
};

const jetStreamDomain: Detail = {
  label: 'JetStream domain',
  otherwise: "the server's own",
  show: ({ jsdomain }) => jsdomain,
  none: { jsdomain: undefined },
  ask: async (title) => {
    const jsdomain = await askText(title, 'JetStream domain', '', refuseNoToken);
    return jsdomain === undefined ? undefined : { jsdomain };
  },
};

const menu = [authorities, clientCertificate, handshakeFirst, jetStreamDomain];

/** Asks for what few connections need in one menu, which most people leave at once. Undefined where the person cancels. */
export async function askDetails(
  title: string,
  before: ConnectionDetails,
): Promise<ConnectionDetails | undefined> {
  let details = before;
  for (;;) {
    const chosen = await askDetail(title, details);
    if (chosen === undefined) return undefined;
    if (chosen === 'continue') return details;
    const isGiven = chosen.show(details) !== undefined;
    details = { ...details, ...(isGiven ? chosen.none : await chosen.ask(title)) };
  }
}

async function askDetail(
  title: string,
  details: ConnectionDetails,
): Promise<Detail | 'continue' | undefined> {
  const items = menu.map((choice) => ({ ...describe(choice, choice.show(details)), choice }));
  const onward = { label: '$(arrow-right) Continue', choice: 'continue' as const };
  const options = { title, placeHolder: 'TLS and JetStream', ignoreFocusOut: true };
  return (await vscode.window.showQuickPick([onward, ...items], options))?.choice;
}

const describe = ({ label, otherwise }: Detail, given: string | undefined): vscode.QuickPickItem =>
  given === undefined
    ? { label: `$(add) ${label}`, description: otherwise }
    : { label: `$(check) ${label}`, description: given, detail: 'Choose it to take it away' };

/** The domain is a token of JetStream's subjects, `$JS.DOMAIN.API`. */
const refuseNoToken = (text: string) =>
  /^[^\s.*>]+$/.test(text.trim()) ? undefined : 'One word, without dots, * and >.';
