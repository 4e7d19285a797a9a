import { errorText } from '../../protocol/nexError.ts';
import type { HostResult } from '../guest/host.ts';

/** One call as it comes out of the isolate: already `String()`ed names, payloads as bytes. */
export interface HostCall {
  readonly method: string;
  readonly args: readonly unknown[];
  /** Time in ms that the invocation has left. */
  readonly remainingMs: number;
}

/** Runs one call; throws a `HostServiceError` for what the function is to see. */
export type HostService = (call: HostCall) => Promise<HostResult>;

/**
 * The fixed format of Nex (`host-services/service.go` Error), thrown in the function as a string. `detail` is what the
 * fixed text hides; it goes into the workload's log.
 */
export class HostServiceError extends Error {
  readonly code: number;
  readonly detail: string | undefined;

  constructor(message: string, code: number, detail?: string) {
    super(`Error: ${message} (${code})`);
    this.code = code;
    this.detail = detail;
  }
}

export const nothing: HostResult = ['nothing', undefined];
export const bytesResult = (bytes: Uint8Array): HostResult => ['bytes', bytes];
export const jsonResult = (value: unknown): HostResult => ['json', JSON.stringify(value)];

/** Argument `index` of a call; names travel in NATS headers on Nex: trimmed, line feeds become spaces. */
export function nameArgument(call: HostCall, index: number): string {
  return String(call.args[index])
    .replaceAll(/[\r\n]/g, ' ')
    .trim();
}

export function bytesArgument(call: HostCall, index: number): Uint8Array {
  const value = call.args[index];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`argument ${index} of ${call.method} is not bytes`);
}

/** Runs `work` for at most `limitMs`; any failure becomes Nex's fixed text for that method. */
export async function withinLimit<T>(
  limitMs: number,
  failure: string,
  work: () => Promise<T>,
): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error(`no answer in ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([work(), timeout.promise]);
  } catch (error) {
    if (error instanceof HostServiceError) throw error;
    throw new HostServiceError(failure, 500, errorText(error));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Answers only once the invocation's time is over, as where the real node has no answer to give: the function runs into
 * its limit. What it sees then is the text of the agent's own time-out.
 */
export async function withoutAnswer({ remainingMs }: HostCall): Promise<HostResult> {
  await new Promise((resolve) => setTimeout(resolve, remainingMs + lateMs));
  return ['error', 'nats: timeout'];
}

/** Enough for the invocation's own deadline to come first. */
export const lateMs = 50;
