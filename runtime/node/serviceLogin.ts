import type { WorkloadDefinition } from '../workloads/workloadDefinition.ts';

/** A service never gets the login of the node, here as on Nex: that is told where it will need one. */
export function warnOfMissingLogin({ type, nats, environment }: WorkloadDefinition): string[] {
  const { creds, nkey, user, token } = nats;
  const nodeLogin = creds ?? nkey ?? user ?? token;
  const hasOwn = Object.keys(environment).some((name) => /^NATS_(?!URL$)/i.test(name));
  if (type !== 'native' || nodeLogin === undefined || hasOwn) return [];
  return [
    'The service gets NATS_URL, but not the login of the node: give it one of its own, such as NATS_CREDS=FILE, or --hs_url with --hs_jwt and --hs_seed.',
  ];
}
