import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { type Mode } from '../../../runtime/protocol/workloadTypes.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../../support/devNode.ts';
import { startTellingServer } from './httpServer.ts';
import { Outcomes } from './outcomes.ts';
import { resultRows, serviceRows, thrownRows, type Outcome, type Row } from './rows.ts';

const tables: Record<string, readonly Row[]> = {
  results: resultRows,
  failures: thrownRows,
  'host services': serviceRows,
};

const prelude = `const attempt = (f) => {
  try { const v = f(); return typeof v === 'object' ? JSON.stringify(v).slice(0, 13) : String(v) }
  catch (e) { return (typeof e === 'string' ? '! ' : 'not a string: ') + e }
};`;

describe('the contract of Nex 0.3.0-rc1', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let outcomes: Outcomes;
  let server: string;

  before(async () => {
    ({ node, connection } = await startConnectedNode());
    outcomes = new Outcomes(connection);
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
    const subjects = rows.map((_, index) => `fidelity.${name.replace(' ', '-')}.${mode}.${index}`);
    const functions = rows.map(({ source }) => `(${fill(source)})`).join(',\n');
    const source = `${prelude}\nconst rows = [${functions}];\n(s, p) => rows[s.split('.').at(-1)].call(this, s, p)`;
    const file = `${mode}${name.replace(' ', '')}.js`;
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

  for (const [name, rows] of Object.entries(tables)) {
    for (const mode of ['faithful', 'strict'] as const) {
      describe(`${name} in ${mode}`, () => {
        let played: Outcome[] = [];
        before(async () => {
          played = await play(name, rows, mode);
        });
        for (const [index, { line, strict, faithful = strict }] of rows.entries()) {
          it(line, () => {
            assert.deepEqual(played[index], filled(mode === 'strict' ? strict : faithful));
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
