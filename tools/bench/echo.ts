import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import Table from 'cli-table3';
import { devrun } from '../../runtime/client/devrun.ts';
import { echoSource } from './echoSource.ts';
import { backToBack, median, paced, throughput } from './load.ts';
import type { Bench, Section } from './section.ts';
import { startChild } from './startChild.ts';

const rounds = 5;
const inFlight = 64;
const rate = 300;

/**
 * The echo function on a node with its defaults, beside a bare nats.js responder and a bare isolated-vm loop,
 * interleaved. Medians over the rounds.
 */
export const echo: Section = async (bench) => {
  const { node, connection } = bench;
  const children = [
    await startChild('bareResponder.ts', [node.url]),
    await startChild('bareIsolate.ts', []),
  ] as const;
  try {
    await deployEchoes(bench);
    await throughput(connection, 'bench.shared', 2000, inFlight);
    await throughput(connection, 'bench.nex', 2000, inFlight);
    await throughput(connection, 'bench.bare', 5000, inFlight);
    const results: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      process.stderr.write(`round ${round} of ${rounds}\n`);
      results.push(await runRound(connection, children[1]));
    }
    return report(results);
  } finally {
    for (const child of children) child.kill();
  }
};

async function deployEchoes({ node, connection, keys }: Bench): Promise<void> {
  const file = join(node.directory, 'echo.js');
  writeFileSync(file, echoSource);
  await devrun({ connection, keys, file, triggerSubjects: ['bench.nex'] });
  const extension = { replace: false, options: { contexts: 'shared' } } as const;
  await devrun({ connection, keys, file, triggerSubjects: ['bench.shared'], extension });
}

interface Round {
  paced: { bare: number; nex: number };
  sequential: { bare: number; nex: number };
  throughput: { bare: number; nex: number; shared: number; isolate: number };
}

async function runRound(connection: NatsConnection, isolate: ChildProcess): Promise<Round> {
  const bare = 'bench.bare';
  const nex = 'bench.nex';
  const shared = 'bench.shared';
  const isolateRate = once(isolate, 'message');
  isolate.send(2000);
  const [loop] = (await isolateRate) as [number];
  return {
    paced: {
      bare: await paced(connection, bare, 600, rate),
      nex: await paced(connection, nex, 600, rate),
    },
    sequential: {
      bare: await backToBack(connection, bare, 1000),
      nex: await backToBack(connection, nex, 1000),
    },
    throughput: {
      bare: await throughput(connection, bare, 20_000, inFlight),
      nex: await throughput(connection, nex, 6000, inFlight),
      shared: await throughput(connection, shared, 20_000, inFlight),
      isolate: loop,
    },
  };
}

function report(results: readonly Round[]): string {
  const of = (pick: (round: Round) => number) => median(results.map(pick));
  const table = new Table({
    head: ['echo, 100 bytes', 'bare nats.js', 'function', 'ratio', 'goal'],
    style: { head: [], border: [] },
  });
  const latency = (name: string, pick: (round: Round) => Round['paced'], goal: string) => {
    const bare = of((round) => pick(round).bare);
    const nex = of((round) => pick(round).nex);
    const ratio = of((round) => pick(round).nex / pick(round).bare);
    table.push([name, `${bare.toFixed(2)} ms`, `${nex.toFixed(2)} ms`, ratio.toFixed(2), goal]);
  };
  latency(`paced at ${rate}/s`, (round) => round.paced, '≤ 2.2');
  latency('back to back', (round) => round.sequential, '≤ 2.7');
  const bare = of((round) => round.throughput.bare);
  const nex = of((round) => round.throughput.nex);
  const isolate = of((round) => round.throughput.isolate);
  const share = of((round) => round.throughput.nex / round.throughput.isolate);
  table.push([
    `${inFlight} in flight`,
    `${bare.toFixed(0)}/s`,
    `${nex.toFixed(0)}/s`,
    (nex / bare).toFixed(2),
    '≥ 1600/s',
  ]);
  table.push([
    'bare isolated-vm loop',
    `${isolate.toFixed(0)}/s`,
    `${nex.toFixed(0)}/s`,
    share.toFixed(2),
    '≥ 0.60',
  ]);
  const shared = of((round) => round.throughput.shared);
  table.push([
    'contexts shared',
    `${bare.toFixed(0)}/s`,
    `${shared.toFixed(0)}/s`,
    of((round) => round.throughput.shared / round.throughput.bare).toFixed(2),
    '≥ 0.40',
  ]);
  return `${table.toString()}
Medians of ${results.length} interleaved rounds; ratios are taken within a round.`;
}
