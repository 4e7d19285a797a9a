import type { NatsConnection } from '@nats-io/transport-node';
import { leaseRenewMs } from '../protocol/devApi.ts';
import { DevClient } from './devClient.ts';
import type { Keys } from './keys.ts';

export interface Lease extends AsyncDisposable {
  /** Lets go of the node. Idempotent; a node that is gone needs no letting go. */
  release(): Promise<void>;
}

/**
 * Holds a node that was started for somebody: it stays while anybody holds it. Resolves when the node has agreed.
 *
 * @param holder who holds it, unique per process, as node health shows it
 * @param onLost called once a renewal has failed; renewing goes on, since the connection may come back
 */
export async function holdLease(
  connection: NatsConnection,
  keys: Pick<Keys, 'issuer'>,
  nodeId: string,
  holder: string,
  onLost: (reason: unknown) => void = () => undefined,
): Promise<Lease> {
  const client = new DevClient(connection, keys.issuer, nodeId);
  await client.lease(holder);
  let lost = false;
  const renew = async () => {
    try {
      await client.lease(holder);
      lost = false;
    } catch (error) {
      if (!lost) onLost(error);
      lost = true;
    }
  };
  const timer = setInterval(() => void renew(), leaseRenewMs);
  // Who closes the connection has let go, and hears nothing more.
  void connection.closed().then(() => clearInterval(timer));
  let released: Promise<void> | undefined;
  const release = () => {
    clearInterval(timer);
    released ??= client.lease(holder, true).catch(() => undefined);
    return released;
  };
  return { release, [Symbol.asyncDispose]: release };
}
