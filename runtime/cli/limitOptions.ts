import { Option } from 'commander';
import { defaultLimits, limitsSchema, type Limits } from '../protocol/controlApi.ts';
import { NexError } from '../protocol/nexError.ts';
import { parseDuration, parseMegabytes } from './parseArguments.ts';

export interface LimitFlags {
  timeout?: number;
  memory?: number;
}

const { timeoutMs, memoryMb } = defaultLimits;

/** Flags for the limits of one workload. */
export const limitOptions = (): Option[] => [
  new Option(
    '--timeout <duration>',
    `longest time of an invocation (default: ${timeoutMs} ms)`,
  ).argParser(parseDuration),
  new Option('--memory <MB>', `memory of the function (default: ${memoryMb} MB)`).argParser(
    parseMegabytes,
  ),
];

/** The limits that flags ask for; empty where they ask for none. */
export function toLimits({ timeout, memory }: LimitFlags): { limits?: Partial<Limits> } {
  const limits = {
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(memory === undefined ? {} : { memoryMb: memory }),
  };
  const { success } = limitsSchema.partial().safeParse(limits);
  if (!success) {
    throw new NexError('invalid-limits', 'These limits cannot be kept.', {
      remedy: 'An invocation gets from 1 ms to 24 h, and 8 MB to 64 GB.',
    });
  }
  return Object.keys(limits).length === 0 ? {} : { limits };
}
