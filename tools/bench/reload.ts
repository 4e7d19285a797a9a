import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { nexdevPath } from '../throwawayNode.ts';
import { median } from './load.ts';
import type { Bench, Section } from './section.ts';

const saves = 20;
/** Nobody saves at once again, in ms; until then the node has its next agent warm. */
const pauseMs = 1500;
const subject = 'bench.reload';

/** A TypeScript module with a helper, under `devrun --watch`: from each save until the first answer of the new version. */
export const reload: Section = async (bench) => {
  const { directory } = bench.node;
  const file = join(directory, 'reload.ts');
  writeFileSync(
    join(directory, 'helper.ts'),
    'export const twice = (n: number): number => 2 * n;\n',
  );
  save(file, 0);
  const watching = await startWatching(bench, file);
  try {
    await answerOf(bench.connection, 0);
    const times: number[] = [];
    for (let version = 1; version <= saves; version += 1) {
      await pause(pauseMs);
      const start = performance.now();
      save(file, version);
      await answerOf(bench.connection, version);
      times.push(performance.now() - start);
    }
    const [middle, worst] = [median(times), Math.max(...times)].map((ms) => ms.toFixed(0));
    return `TypeScript save to answer: ${middle} ms, slowest ${worst} ms of ${saves} saves (goal < 120 ms)`;
  } finally {
    await watching.stop();
  }
};

const save = (file: string, version: number) => {
  writeFileSync(
    file,
    `import { twice } from './helper';\nexport default (subject: string): number => twice(${version});\n`,
  );
};

async function startWatching({ node }: Bench, file: string) {
  const args = ['devrun', file, `--trigger_subject=${subject}`, '--watch', '--server', node.url];
  const child = spawn(process.execPath, [nexdevPath, ...args], {
    env: node.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('accepted')) break;
  }
  child.stdout.resume();
  const stop = async () => {
    child.kill('SIGINT');
    await once(child, 'exit');
  };
  return { stop };
}

/** Between two questions, in ms: asking without a pause would take the processor from what is measured. */
const askMs = 3;

/** Asks until the version answers. */
async function answerOf(connection: NatsConnection, version: number): Promise<void> {
  for (;;) {
    const reply = await connection.request(subject, '', { timeout: 10_000 });
    if (reply.json() === 2 * version) return;
    await pause(askMs);
  }
}
