import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { type Mode } from '../../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';
import { Publications } from '../../support/services.ts';
import { startTellingServer } from './httpServer.ts';
import { Outcomes } from './outcomes.ts';
import { bucketRows } from './bucketRows.ts';
import { executionRows } from './executionRows.ts';
import { failureRows } from './failureRows.ts';
import { httpRows } from './httpRows.ts';
import { messagingRows } from './messagingRows.ts';
import { resultRows } from './resultRows.ts';
import type { Outcome, Row } from './row.ts';

const tables: Record<string, readonly Row[]> = {
  results: resultRows,
  execution: executionRows,
  failures: failureRows,
  buckets: bucketRows,
  messaging: messagingRows,
  http: httpRows,
};

const prelude = `const attempt = (f) => {
  try { const v = f(); return typeof v === 'object' ? JSON.stringify(v).slice(0, 13) : String(v) }
  catch (e) { return (typeof e === 'string' ? '! ' : 'not a string: ') + e }
};`;

describe('the contract of Nex 0.3.0-rc1', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let outcomes: Outcomes;
  let published: Publications;
  let server: string;

  before(async () => {
    ({ node, connection } = await startConnectedNode());
    outcomes = new Outcomes(connection);
    published = new Publications(connection);
    server = await startTellingServer();
    connection.subscribe('fidelity.deaf');
    connection.subscribe('fidelity.echo', {
      callback: (_, message) => void message.respond(message.data),
    });
  });
  after(() => node.stop());

  const fill = (text: string) =>
    text.replaceAll('HTTP', server).replaceAll('CLOSED', 'http://127.0.0.1:1');
  const filled = (outcome: Outcome): Outcome =>
    typeof outcome === 'string' ? fill(outcome) : outcome;

  /** All rows of a table at once: what is silent takes its ten seconds. */
  async function play(name: string, rows: readonly Row[], mode: Mode): Promise<Outcome[]> {
    const subjects = rows.map((_, index) => `fidelity.${name}.${mode}.${index}`);
    const functions = rows.map(({ source }) => `(${fill(source)})`).join(',\n');
    const source = `${prelude}\nconst rows = [${functions}];\n(s, p) => rows[s.split('.').at(-1)].call(this, s, p)`;
    const file = `${mode}${name}.js`;
    await deployFunction(node, connection, {
      file,
      source,
      subjects,
      extension: { options: { mode } },
    });
    return Promise.all(
      rows.map(({ message }, index) => outcomes.of(subjects[index] ?? '', message)),
    );
  }

  /** What the log says of why the call with that subject failed. */
  function loggedFailure(subject: string): string | undefined {
    const { logs } = published;
    const call = logs.find(({ text }) => text.endsWith(`via trigger subject: ${subject}`));
    return logs
      .filter(({ id, invocation }) => id === call?.id && invocation === call.invocation)
      .map(
        ({ text }) => /^failed to execute function on trigger subject \S+: (.*)$/s.exec(text)?.[1],
      )
      .find((text) => text !== undefined);
  }

  for (const [name, rows] of Object.entries(tables)) {
    for (const mode of ['faithful', 'strict'] as const) {
      describe(`${name} in ${mode}`, () => {
        let played: Outcome[] = [];
        before(async function () {
          // What runs into its limit takes 5 s, one after the other.
          this.timeout(120_000);
          played = await play(name, rows, mode);
        });
        for (const [index, { line, strict, faithful = strict, logged }] of rows.entries()) {
          it(line, () => {
            assert.deepEqual(played[index], filled(mode === 'strict' ? strict : faithful));
          });
          if (mode === 'faithful' || logged === undefined) continue;
          it(`${line}: its text is logged`, () => {
            assert.equal(loggedFailure(`fidelity.${name}.${mode}.${index}`), logged);
          });
        }
      });
    }
    it(`${name}: every deviation has its reason`, () => {
      for (const { line, faithful, reason } of rows) {
        assert.equal(faithful === undefined, reason === undefined, line);
      }
    });
  }
});
