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
