/** Headers of an error reply, as NATS micro services send them. */
export const errorHeader = 'Nats-Service-Error';
export const errorCodeHeader = 'Nats-Service-Error-Code';

/**
 * Codes of an error reply to an invocation.
 * 500 the function threw, or returned what cannot be sent; 504 it passed its wall-clock limit;
 * 507 it passed its memory limit; 502 its agent died.
 */
export const invocationErrorCodes = {
  thrown: 500,
  agentDied: 502,
  timeout: 504,
  memory: 507,
} as const;
export type InvocationErrorKind = keyof typeof invocationErrorCodes;

/** Longest text of an error, in UTF-16 units: as JSON it is at most 96 KiB, which every NATS server takes. */
const longestErrorText = 16_384;

/** An error's text for a reply or an event: whoever made it may have made it longer than can be sent. */
export const cutErrorText = (text: string): string =>
  text.length <= longestErrorText ? text : `${text.slice(0, longestErrorText)}… (cut)`;
