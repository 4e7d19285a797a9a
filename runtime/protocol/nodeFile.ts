import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * A running local node, as a terminal, a second window and the debug adapter find it. One JSON file per node, mode 0600,
 * in `nodeFilesDirectory()`, named `<node id>.json`. A file whose `pid` is gone is left over by a crash and means nothing.
 */
export const nodeFileSchema = z.object({
  nodeId: z.string(),
  /** Client URL of the NATS server the node is on, `nats://127.0.0.1:PORT`. */
  url: z.string(),
  pid: z.number().int(),
  /** `terminal`: ends with Ctrl-C. `lease`: ends ten seconds after the last who holds it is gone. */
  startedBy: z.enum(['terminal', 'lease']),
  /** False where the node joined a NATS server that it did not start. */
  ownsServer: z.boolean(),
  startedAt: z.iso.datetime(),
  /** Files that the node logged in with, where it needed any. Passwords and tokens are not written down. */
  creds: z.string().optional(),
  nkey: z.string().optional(),
  tlscert: z.string().optional(),
  tlskey: z.string().optional(),
  tlsca: z.string().optional(),
  tlsfirst: z.boolean().optional(),
  /** What else of its connection is not as usual. */
  jsdomain: z.string().optional(),
  inboxPrefix: z.string().optional(),
});
export type NodeFile = z.infer<typeof nodeFileSchema>;

/** `$NEXDEV_RUNTIME_DIR`, else a directory of this user alone in the system's runtime or temporary directory. */
export function runtimeDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['NEXDEV_RUNTIME_DIR'];
  if (own !== undefined && own !== '') return own;
  const xdg = environment['XDG_RUNTIME_DIR'];
  if (xdg !== undefined && xdg !== '') return join(xdg, 'nex-devrun');
  return join(tmpdir(), `nex-devrun-${userInfo().username.replace(/[^\w.-]/g, '_')}`);
}

export const nodeFilesDirectory = (environment?: NodeJS.ProcessEnv) =>
  join(runtimeDirectory(environment), 'nodes');
