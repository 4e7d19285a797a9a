import { headers as createHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { cutErrorText, errorCodeHeader, errorHeader } from '../protocol/serviceErrors.ts';

/** What a failed invocation answers its caller: the micro services' error headers, and the text as the body. */
export function errorReply(code: number, text: string): { body: string; headers: MsgHdrs } {
  const headers = createHeaders();
  // A header is one line.
  headers.set(errorHeader, text.replaceAll(/\s+/g, ' ').trim().slice(0, 512) || 'unknown error');
  headers.set(errorCodeHeader, String(code));
  return { body: JSON.stringify({ error: cutErrorText(text) }), headers };
}
