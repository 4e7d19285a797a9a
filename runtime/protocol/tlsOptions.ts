import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { TlsOptions } from '@nats-io/transport-node';
import { serverAddress } from './serverAddress.ts';

interface Tls {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly ca?: string | undefined;
  readonly first?: boolean | undefined;
}

/** In the words of the NATS client, which passes on what it does not know to Node's `tls.connect`. */
export function toTlsOptions(
  { cert, key, ca, first }: Tls,
  servers: readonly string[],
): TlsOptions {
  return {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(first === true ? { handshakeFirst: true } : checkOfAddresses(servers)),
  };
}

/** Of a server that is given as an address the client names none to Node, which then takes its certificate to be for `localhost`. */
function checkOfAddresses(servers: readonly string[]) {
  const addresses = servers
    .map((url) => serverAddress(url).host)
    .filter((host) => isIP(host) !== 0);
  const [host] = addresses;
  if (host === undefined) return {};
  return {
    host,
    checkServerIdentity: (name: string, certificate: PeerCertificate) => {
      const names = name === host ? addresses : [name];
      const faults = names.map((each) => checkServerIdentity(each, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}
