/** Host, without the brackets of an IPv6 address, and port of a NATS URL, which may leave out its scheme and port. */
export function serverAddress(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url.includes('://') ? url : `nats://${url}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || '4222') };
}
