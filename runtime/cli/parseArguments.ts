import { fromPublic } from '@nats-io/nkeys';
import { InvalidArgumentError, Option } from 'commander';
import { NexError } from '../protocol/nexError.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `5s`, `2m`, `1h`, or a bare number of milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const duration = Math.round(Number(match?.[1]) * (unitMs[match?.[2] ?? 'ms'] ?? Number.NaN));
  if (duration >= 1) return duration;
  throw new InvalidArgumentError('Write it as 500ms, 5s or 2m.');
}

/** `--timeout`; the help names the unit of what is taken without it. */
export const durationOption = (description: string, defaultMs: number): Option =>
  new Option('--timeout <duration>', description)
    .default(defaultMs, `${defaultMs} ms`)
    .argParser(parseDuration);

/** `128`, `128MB` or `1GB`, in MB. */
export function parseMegabytes(text: string): number {
  const match = /^(\d+)(MB|GB)?$/i.exec(text);
  const size = Number(match?.[1]) * (match?.[2]?.toUpperCase() === 'GB' ? 1024 : 1);
  if (size >= 1) return size;
  throw new InvalidArgumentError('Write it as 128, 128MB or 1GB.');
}

const unitBytes: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/** `1000`, `64KB`, `100MB` or `1GB`, in bytes. */
export function parseBytes(text: string): number {
  const match = /^(\d+)(B|KB|MB|GB)?$/i.exec(text);
  const size = Number(match?.[1]) * (unitBytes[match?.[2]?.toUpperCase() ?? 'B'] ?? Number.NaN);
  if (size >= 1) return size;
  throw new InvalidArgumentError('Write it as 1000, 64KB, 100MB or 1GB.');
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 1 to 65535; 0 takes any free one.');
}

export function parseSequence(text: string): number {
  const sequence = Number(text);
  if (/^\d+$/.test(text) && sequence >= 1) return sequence;
  throw new InvalidArgumentError('A sequence number is 1 or more.');
}

/** What becomes one token of a subject; `what` begins the sentence that refuses all else. */
export const parseToken =
  (what: string) =>
  (text: string): string => {
    if (/^[^\s.*>]+$/.test(text)) return text;
    throw new InvalidArgumentError(`${what} is one word without dots, blanks and wildcards.`);
  };

/** Public keys of issuers, one more each time. */
export function parseIssuers(text: string, earlier?: string[]): string[] {
  if (isIssuer(text)) return collect(text, earlier);
  const isSeed = text.startsWith('SA');
  throw new InvalidArgumentError(
    isSeed
      ? 'This is a seed, which its owner keeps to themselves; give the public key, A….'
      : 'An issuer is the public key of an account, A… with 56 letters and digits.',
  );
}

function isIssuer(text: string): boolean {
  try {
    return text.startsWith('A') && fromPublic(text).getPublicKey() === text;
  } catch {
    // nkeys says by throwing that it is no key.
    return false;
  }
}

/** For options that may be given several times. */
export const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

/** The `KEY=VALUE` arguments of an environment. */
export function parseEnvironment(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      throw new NexError('invalid-environment', `"${pair}" is not KEY=VALUE.`, {
        remedy: 'Arguments after the file are environment variables; flags begin with --.',
      });
    }),
  );
}
