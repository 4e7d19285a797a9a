import { Option } from 'commander';
import type { HostServicesLogin } from '../client/deployRequest.ts';
import { NexError } from '../protocol/nexError.ts';

export interface HostServicesFlags {
  hs_url?: string;
  hs_jwt?: string;
  hs_seed?: string;
}

/** Flags of `nex` for the NATS that a workload's triggers and host services are on. */
export const hostServicesOptions = (): Option[] => [
  new Option('--hs_url <url>', 'NATS of its triggers and host services (default: the node’s)'),
  new Option('--hs_jwt <jwt>', 'user JWT for --hs_url'),
  new Option('--hs_seed <seed>', 'seed of that user; Nex sends it to the node in clear text'),
];

/** As in `nex` only a URL makes a login; here the others without one are an error. */
export function toHostServices(flags: HostServicesFlags): HostServicesLogin | undefined {
  const { hs_url: url, hs_jwt: jwt = '', hs_seed: seed = '' } = flags;
  if (url !== undefined) return { url, jwt, seed };
  if (jwt === '' && seed === '') return undefined;
  throw new NexError('conflicting-flags', '--hs_jwt and --hs_seed are a login for --hs_url.', {
    remedy: 'Give --hs_url as well, or leave them out.',
  });
}
