import { errorText, NexError } from '../protocol/nexError.ts';

/** By the words of OpenSSL, Node and the NATS client. */
const failures: readonly [words: RegExp, text: string, remedy: string][] = [
  [
    /altnames|altname/i,
    'its certificate is for another name',
    'Name the server as its certificate does, as in nats://NAME:PORT.',
  ],
  [
    // Before TLS 1.3 the same word is for none and for a bad one.
    /certificate required|bad certificate/i,
    'it wants a certificate of ours',
    'Give one with --tlscert and --tlskey.',
  ],
  [
    /alert (unknown ca|certificate (unknown|expired|revoked)|unsupported certificate)/i,
    'it does not accept our certificate',
    'Give one that an authority of the server has signed, with --tlscert and --tlskey.',
  ],
  [
    /key values mismatch/i,
    'our certificate and its key do not belong together',
    'Give the key of --tlscert with --tlskey.',
  ],
  [
    /PEM routines|DECODER routines/i,
    'a file for TLS is not one',
    'Give certificates and keys as PEM: --tlscert, --tlskey, --tlsca.',
  ],
  [
    /unable to (verify|get)|self[- ]signed/i,
    'nobody we trust has signed its certificate',
    'Give the certificate of its CA with --tlsca.',
  ],
  [/certificate has expired/i, 'its certificate has expired', 'Who runs it has to renew it.'],
  [
    /does not support 'tls'/,
    'it speaks no TLS',
    'Leave --tlscert, --tlskey and --tlsca out, and write nats:// for tls://.',
  ],
  [/wrong version number/i, 'it does not begin with TLS', 'Leave --tlsfirst out.'],
  [
    // The client's words for a server that hangs up without one.
    /undefined error/,
    'it hangs up before a word',
    'If it does the TLS handshake first, give --tlsfirst.',
  ],
];

/** Why no TLS connection came about; undefined where it is not for TLS. */
export function describeTlsFailure(places: string, cause: unknown): NexError | undefined {
  const words = errorText(cause).trim();
  const [, text, remedy] = failures.find(([pattern]) => pattern.test(words)) ?? [];
  if (text === undefined || remedy === undefined) return undefined;
  return new NexError('nats-tls', `NATS at ${places} cannot be used: ${text} (${words}).`, {
    remedy,
    cause,
  });
}
