import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { NatsOptions } from '../protocol/natsOptions.ts';
import { serverAddress } from '../protocol/serverAddress.ts';

const alertMs = 2000;

/**
 * With what a server ends TLS: that it refuses a client's certificate it says once the client's side of the handshake is
 * over (RFC 8446, 4.4.2.4), and the client library hears nothing of it. Undefined where it ends nothing.
 */
export function readTlsAlert(
  url: string,
  { cert, key, first }: NonNullable<NatsOptions['tls']>,
): Promise<Error | undefined> {
  const address = serverAddress(url);
  const options = {
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // Of its own certificate the client library tells; nothing is sent here.
    rejectUnauthorized: false,
  };
  return new Promise((resolve) => {
    const plain = connect(address);
    const finish = (error?: Error) => {
      plain.destroy();
      resolve(error);
    };
    const listen = () =>
      connectTls({ ...options, socket: plain })
        .on('error', finish)
        .resume();
    plain
      .setTimeout(alertMs, () => finish())
      .on('error', finish)
      .on('close', () => finish())
      .once(first === true ? 'connect' : 'data', listen);
  });
}
