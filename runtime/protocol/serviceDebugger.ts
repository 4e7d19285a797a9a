import { z } from 'zod';

/** Debuggers that a service can be started under: Go, native code, Node.js, Python. */
export const debuggerKinds = ['dlv', 'lldb', 'node', 'debugpy'] as const;

/**
 * Start a service under the server of its own debugger, which waits for a client before the service's first line. It gets
 * exactly the environment that the service would have.
 */
export const serviceDebuggerSchema = z.object({
  kind: z.enum(debuggerKinds),
  /** Of the program: `dlv`, `lldb-server`, `node`, `python3`. Without it the one on the node's PATH. */
  path: z.string().optional(),
  /** Where it listens on 127.0.0.1; without it a free one. */
  port: z.number().int().min(1).max(65_535).optional(),
});
export type ServiceDebugger = z.infer<typeof serviceDebuggerSchema>;

/** Where the debugger of a service listens, on 127.0.0.1. */
export const debuggerAddressSchema = z.object({
  kind: z.enum(debuggerKinds),
  port: z.number().int(),
  /** Absolute path of what it runs: the node's copy of the file that was deployed, which debuggers have to map. */
  file: z.string(),
});
export type DebuggerAddress = z.infer<typeof debuggerAddressSchema>;
