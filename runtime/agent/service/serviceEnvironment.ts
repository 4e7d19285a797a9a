import type { NativeWorkload } from '../../protocol/agentPipe.ts';
import type { NatsOptions } from '../../protocol/natsOptions.ts';
import { workloadVariable } from '../../protocol/processTree.ts';

/**
 * The environment of a service, as Nex makes it (`agent/providers/lib/native.go`): what the deployer gave, names in upper case,
 * and where NATS is. Nothing of the node's own, no PATH and no HOME. In mode `faithful` two are added: NATS_URL unless it
 * was given, so that a service finds this NATS by the name that everybody uses, and the mark of its processes.
 */
export function serviceEnvironment(
  { id, mode, environment }: NativeWorkload,
  { servers, userJwt = '', userSeed = '' }: NatsOptions,
): Record<string, string> {
  const given: [string, string][] = Object.entries(environment).map(([name, value]) => [
    name.toUpperCase(),
    value,
  ]);
  const added = mode === 'faithful' ? { NATS_URL: servers, [workloadVariable]: id } : {};
  const nats = {
    NEX_HOSTSERVICES_NATS_SERVER: servers,
    NEX_HOSTSERVICES_NATS_USER_JWT: userJwt,
    NEX_HOSTSERVICES_NATS_USER_SEED: userSeed,
  };
  return { ...added, ...Object.fromEntries(given), ...nats };
}
