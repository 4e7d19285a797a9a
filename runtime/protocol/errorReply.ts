import { headers as createHeaders, type MsgHdrs } from '@nats-io/transport-node';
import {
  cutErrorText,
  errorCodeHeader,
  errorHeader,
  invocationErrorCodes,
  type InvocationErrorKind,
} from './serviceErrors.ts';

/** The headers that mark a reply as an error, as NATS micro services send them. */
export function errorHeaders(code: string, text: string): MsgHdrs {
  const headers = createHeaders();
  // A header is one line.
  headers.set(errorHeader, text.replaceAll(/\s+/g, ' ').trim().slice(0, 512) || 'unknown error');
  headers.set(errorCodeHeader, code);
  return headers;
}

/** What a failed invocation answers its caller, whoever has to say it: the headers, and the text as the body. */
export const errorReply = (kind: InvocationErrorKind, text: string) => ({
  body: JSON.stringify({ error: cutErrorText(text) }),
  headers: errorHeaders(String(invocationErrorCodes[kind]), text),
});
