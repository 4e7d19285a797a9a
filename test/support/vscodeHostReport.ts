import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { countsSchema, type Counts } from './counts.ts';

/** Where the suite inside the extension host sends its results. */
export const reportPortVariable = 'NEXDEV_HOST_REPORT_PORT';

export const reportLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('test'),
    state: z.enum(['passed', 'failed', 'skipped']),
    title: z.string(),
    error: z.string().optional(),
  }),
  z.object({ kind: z.literal('end'), counts: countsSchema }),
]);
export type ReportLine = z.infer<typeof reportLineSchema>;

/** Far more than the whole suite takes. */
const limitMs = 300_000;

export interface HostReport {
  readonly port: number;
  /** Resolves with the counts of the suite; rejects when the extension host goes away before its end, or hangs. */
  readonly finished: Promise<Counts>;
  dispose(): void;
}

/** Receives and prints what the suite in the extension host reports, one JSON line for each test. */
export async function receiveHostReport(): Promise<HostReport> {
  const server = createServer();
  const signal = AbortSignal.timeout(limitMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const finished = readReport(server, signal);
  return {
    port: (server.address() as AddressInfo).port,
    finished,
    dispose: () => void server.close(),
  };
}

async function readReport(
  server: ReturnType<typeof createServer>,
  signal: AbortSignal,
): Promise<Counts> {
  const [socket] = (await once(server, 'connection', { signal })) as [Socket];
  try {
    for await (const line of createInterface({ input: socket, signal })) {
      const parsed = reportLineSchema.parse(JSON.parse(line));
      if (parsed.kind === 'end') return parsed.counts;
      console.log(describeTest(parsed));
    }
  } finally {
    socket.destroy();
  }
  throw new Error('the extension host went away before the end of its suite');
}

const marks = { passed: '✔', failed: '✘', skipped: '-' } as const;

function describeTest(line: Extract<ReportLine, { kind: 'test' }>): string {
  const error = line.error === undefined ? '' : `\n${line.error.replaceAll(/^/gm, '      ')}`;
  return `  ${marks[line.state]} ${line.title}${error}`;
}
