import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Counts } from './counts.ts';

/** Where the suite inside the extension host sends its results. */
export const reportPortVariable = 'NEXDEV_HOST_REPORT_PORT';

export const reportLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('test'),
    state: z.enum(['passed', 'failed', 'skipped']),
    title: z.string(),
    error: z.string().optional(),
  }),
  z.object({ kind: z.literal('end') }),
]);
export type ReportLine = z.infer<typeof reportLineSchema>;

/** Far more than the whole suite takes. */
const limitMs = 300_000;

export interface HostReport {
  readonly port: number;
  /** The counts of the suite; that the extension host went away before its end, or hung, is one more failure. */
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
  const counts: Counts = { passed: 0, skipped: 0, failures: [] };
  try {
    for await (const line of createInterface({ input: socket, signal })) {
      const parsed = reportLineSchema.parse(JSON.parse(line));
      if (parsed.kind === 'end') return counts;
      console.log(describeTest(parsed));
      addTest(counts, parsed);
    }
  } finally {
    socket.destroy();
  }
  counts.failures.push({ title: 'the extension host', error: 'went away before its suite ended' });
  return counts;
}

type TestLine = Extract<ReportLine, { kind: 'test' }>;

function addTest(counts: Counts, { state, title, error = 'failed' }: TestLine): void {
  if (state === 'failed') counts.failures.push({ title, error });
  else counts[state] += 1;
}

const marks = { passed: '✔', failed: '✘', skipped: '-' } as const;

function describeTest(line: TestLine): string {
  const error = line.error === undefined ? '' : `\n${line.error.replaceAll(/^/gm, '      ')}`;
  return `  ${marks[line.state]} ${line.title}${error}`;
}
