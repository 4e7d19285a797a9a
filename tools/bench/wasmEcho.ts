import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Table from 'cli-table3';
import { devrun } from '../../runtime/client/devrun.ts';
import { backToBack, median, throughput } from './load.ts';
import type { Section } from './section.ts';
import { startChild } from './startChild.ts';

const rounds = 3;
const inFlight = 64;
const file = join(import.meta.dirname, '../../examples/echo-wasm/echo.wasm');

/** The talk's Rust echo, one instance per message, beside a bare nats.js responder. */
export const wasmEcho: Section = async ({ node, connection, keys }) => {
  if (!existsSync(file))
    return 'WebAssembly echo: `npx node tools/buildExamples.ts echo-wasm` first.';
  const bare = 'bench.bare';
  const wasm = 'bench.wasm';
  const child = await startChild('bareResponder.ts', [node.url]);
  try {
    await devrun({ connection, keys, file, triggerSubjects: [wasm] });
    await throughput(connection, wasm, 2000, inFlight);
    const latencies: { bare: number; wasm: number }[] = [];
    const rates: { bare: number; wasm: number }[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      latencies.push({
        bare: await backToBack(connection, bare, 1000),
        wasm: await backToBack(connection, wasm, 1000),
      });
      rates.push({
        bare: await throughput(connection, bare, 20_000, inFlight),
        wasm: await throughput(connection, wasm, 8000, inFlight),
      });
    }
    return report(latencies, rates);
  } finally {
    child.kill();
  }
};

interface Pair {
  readonly bare: number;
  readonly wasm: number;
}

function report(latencies: readonly Pair[], rates: readonly Pair[]): string {
  const table = new Table({
    head: ['WebAssembly echo, 100 bytes', 'bare nats.js', 'function', 'goal'],
    style: { head: [], border: [] },
  });
  const of = (pairs: readonly Pair[], key: keyof Pair) => median(pairs.map((pair) => pair[key]));
  const ms = (key: keyof Pair) => `${of(latencies, key).toFixed(2)} ms`;
  const perSecond = (key: keyof Pair) => `${of(rates, key).toFixed(0)}/s`;
  table.push(['back to back', ms('bare'), ms('wasm'), '≤ 0.9 ms']);
  table.push([`${inFlight} in flight`, perSecond('bare'), perSecond('wasm'), '≥ 2000/s']);
  return table.toString();
}
