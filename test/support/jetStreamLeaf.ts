import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { findFreePort } from '../../runtime/agent/service/listeningPort.ts';
import { startConfiguredServer } from './configuredServer.ts';

/** Two real nats-servers, a hub with the JetStream domain `hub` and its leaf with another one. Resolves with the hub's URL. */
export async function startJetStreamLeaf(domain: string): Promise<string> {
  const port = await findFreePort();
  const hub = await startConfiguredServer(`leafnodes { host: "127.0.0.1", port: ${port} }`, 'hub');
  await startConfiguredServer(
    `leafnodes { remotes: [ { url: "nats-leaf://127.0.0.1:${port}" } ] }`,
    domain,
  );
  await using connection = await connect({ servers: hub });
  for (let tries = 0; tries < 100; tries++) {
    const isThere = await connection.request(`$JS.${domain}.API.INFO`).then(
      () => true,
      () => false,
    );
    if (isThere) return hub;
    await pause(100);
  }
  throw new Error('the leaf does not reach its hub');
}
