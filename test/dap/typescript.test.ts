import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient, endClients, writeProgram, type Stop } from '../support/dapClient.ts';
import { startTestNode, type TestNode } from '../support/devNode.ts';

const files = {
  'main.ts': `import { shout, limit as longest } from './lib/words.ts';
import * as numbers from './lib/numbers.ts';
import measure from 'measure';
import counter, { plus } from 'counter';

interface Answer {
  text: string;
  total: number;
}
const limit: number = 3;
const seen = new Map<string, Answer>();

export default async function (subject: string, payload: Uint8Array): Promise<Answer> {
  const text: string = String.fromCharCode(...payload);
  const loud = shout(text);
  const size = measure(loud);
  const total = counter.plus(size) + plus(limit) + numbers.twice(longest);
  await null;
  const answer: Answer = { text: loud, total };
  seen.set(subject, answer);
  console.log('answers', answer.total);
  return answer;
}
`,
  'lib/words.ts': `export const limit = 5;
const seen = ['words'];

export function shout(text: string): string {
  const loud: string = text.toUpperCase();
  if (loud.length > limit) throw new Error(\`\${loud} \${seen[0]}\`);
  return loud + '!';
}
`,
  'lib/numbers.ts': `export const base = 10;
export function twice(n: number) {
  return n * 2 + base;
}
`,
  'lib/unused.ts': 'export const unused = 1;\n',
  'node_modules/measure/package.json': '{"name":"measure","type":"module","main":"index.js"}',
  'node_modules/measure/index.js': `const limit = 100;
export default function measure(text) {
  const length = text.length;
  return length + limit;
}
`,
  'node_modules/counter/package.json': '{"name":"counter","main":"index.js"}',
  'node_modules/counter/index.js': `const limit = 7;
function plus(value) {
  const sum = value + limit;
  return sum;
}
exports.plus = plus;
`,
} as const;

type File = keyof typeof files;
const measureFile = 'node_modules/measure/index.js';
const counterFile = 'node_modules/counter/index.js';

describe('TypeScript with imports', () => {
  let node: TestNode;
  let nats: NatsConnection;
  afterEach(endClients);
  before(async () => {
    node = await startTestNode();
    nats = await node.connect();
  });

  const start = async (subject: string, lines: Breakpoints = []) => {
    const { program, path } = await writeProgram(files);
    const client = await DapClient.start(node);
    const set = await client.debug({ program, subject }, lines);
    const send = (text: string) => nats.request(subject, text, { timeout: 20_000 });
    return { client, path: (file: File) => path(file), program, set, send };
  };

  describe('breakpoints', () => {
    /** Where one is asked for, and where it is then. */
    const places: [file: File, line: number, found: number | RegExp][] = [
      ['main.ts', 15, 15],
      ['main.ts', 1, 10],
      ['main.ts', 7, 10],
      ['main.ts', 13, 14],
      ['main.ts', 23, 22],
      ['main.ts', 30, /main\.ts has no code on this line or below it/],
      ['lib/words.ts', 6, 6],
      ['lib/words.ts', 3, 5],
      ['lib/words.ts', 8, 7],
      ['lib/numbers.ts', 3, 3],
      ['lib/unused.ts', 1, /unused\.ts is not part of main\.ts/],
      [measureFile, 1, 1],
      [measureFile, 4, 4],
      [counterFile, 1, 1],
      [counterFile, 3, 3],
      ['node_modules/counter/package.json', 1, /package\.json is not part of main\.ts/],
    ];

    it('find their lines in every file, or say where they went or why they cannot be', async () => {
      const { client, path } = await start('ts1');
      for (const [file, line, found] of places) {
        const [one] = await client.breakAt(path(file), [line]);
        const { verified, line: at, message = '' } = one ?? {};
        if (typeof found === 'number') {
          assert.deepEqual([file, line, verified, at], [file, line, true, found]);
          const moved =
            found === line ? '' : `Line ${line} has no code; it stops at line ${found}.`;
          assert.equal(message, moved);
        } else {
          assert.deepEqual([file, line, verified], [file, line, false]);
          assert.match(message, found);
        }
        await client.breakAt(path(file), []);
      }
    });

    it('stop in the entry, in a helper and in npm packages of either kind', async () => {
      const { client, path, send, program } = await start('ts2', [15]);
      await client.breakAt(path('lib/words.ts'), [6]);
      await client.breakAt(path('lib/numbers.ts'), [3]);
      await client.breakAt(path(measureFile), [4]);
      await client.breakAt(path(counterFile), [3]);
      const reply = send('hi');
      const expected = [
        [program, 15],
        [path('lib/words.ts'), 6],
        [path(measureFile), 4],
        [path(counterFile), 3],
        [path(counterFile), 3],
        [path('lib/numbers.ts'), 3],
      ];
      for (const place of expected) {
        const stop = await client.stopped();
        assert.deepEqual([stop.path, stop.line], place);
        await client.continue(stop.threadId);
      }
      assert.deepEqual((await reply).json(), { text: 'HI!', total: 140 });
    });

    it('show the columns that a line can stop at', async () => {
      const { client, program } = await start('ts3');
      const { breakpoints } = (
        await client.customRequest('breakpointLocations', { source: { path: program }, line: 17 })
      ).body as DebugProtocol.BreakpointLocationsResponse['body'];
      assert.ok(breakpoints.length >= 3, JSON.stringify(breakpoints));
      assert.ok(breakpoints.every(({ line }) => line === 17));
    });

    it('take conditions and log messages in the names of their file', async () => {
      const { client, path, send } = await start('ts4', [
        { line: 18, condition: 'limit === 3 && longest === 5 && plus(1) === 8' },
      ]);
      await client.breakAt(path(measureFile), [
        { line: 4, logMessage: 'limit {limit} length {length}' },
      ]);
      await client.breakAt(path(counterFile), [{ line: 4, condition: 'limit !== 7' }]);
      const reply = send('hi');
      const stop = await client.stopped();
      assert.equal(stop.line, 18);
      await client.continue(stop.threadId);
      await reply;
      assert.match(client.printed, /limit 100 length 3/);
    });
  });

  describe('names', () => {
    const stopIn = async (subject: string, file: File, line: number) => {
      const { client, path, send } = await start(subject);
      await client.breakAt(path(file), [line]);
      const reply = send('hi');
      const stop = await client.stopped();
      await client.breakAt(path(file), []);
      return { client, stop, reply };
    };

    const finish = async (client: DapClient, stop: Stop, reply: Promise<unknown>) => {
      await client.continue(stop.threadId);
      await reply;
    };

    it('are those of the file in each scope, and the bundler’s are not shown', async () => {
      const { client, stop, reply } = await stopIn('ts5', 'main.ts', 20);
      const { scopes } = (await client.scopesRequest({ frameId: stop.frameId })).body;
      assert.deepEqual(
        scopes.map(({ name }) => name),
        ['Local', 'Module', 'Global'],
      );
      const locals = await client.variables(stop.frameId);
      assert.equal(locals['loud'], "'HI!'");
      const module = await client.variables(stop.frameId, 'Module');
      assert.equal(module['limit'], '3');
      assert.equal(module['longest'], '5');
      assert.equal(module['seen'], 'Map(0) {size: 0}');
      assert.match(module['shout'] ?? '', /^ƒ shout/);
      assert.match(module['plus'] ?? '', /^ƒ plus/);
      assert.deepEqual(
        Object.keys(module).filter((name) => /^__|^import_|^require_|_exports$|\d$/.test(name)),
        [],
      );
      const globals = await client.variables(stop.frameId, 'Global');
      assert.equal('__nexModule' in globals, false);
      await finish(client, stop, reply);
    });

    it('are understood in watches, hovers and the console, and set under them', async () => {
      const { client, stop, reply } = await stopIn('ts6', 'main.ts', 17);
      const { frameId } = stop;
      const watches: [text: string, value: string][] = [
        ['limit', '3'],
        ['longest + limit', '8'],
        ['plus(limit)', '10'],
        ['counter.plus(1)', '8'],
        ['numbers.twice(1)', '12'],
        ['[1].map((limit) => limit + longest)', '(1) [6]'],
        ['({ limit }).limit', '3'],
        ['measure.name', "'measure'"],
      ];
      for (const [text, value] of watches) {
        assert.deepEqual([text, await client.value(text, frameId, 'watch')], [text, value]);
      }
      assert.equal(await client.value('limit', frameId, 'hover'), '3');
      const { scopes } = (await client.scopesRequest({ frameId })).body;
      const module = scopes.find(({ name }) => name === 'Module')?.variablesReference ?? 0;
      await client.setVariableRequest({ variablesReference: module, name: 'limit', value: '30' });
      assert.equal(await client.value('limit', frameId), '30');
      await finish(client, stop, reply);
      assert.equal(((await reply) as { json(): { total: number } }).json().total, 167);
    });

    it('of a CommonJS package are its own', async () => {
      const { client, stop, reply } = await stopIn('ts7', counterFile, 4);
      const module = await client.variables(stop.frameId, 'Module');
      assert.equal(module['limit'], '7');
      assert.equal(await client.value('limit + sum', stop.frameId, 'watch'), '117');
      await finish(client, stop, reply);
    });
  });

  it('is stepped through from file to file, never through what the bundler added', async () => {
    const { client, path, send, program } = await start('ts8', [15]);
    const reply = send('hi');
    const { threadId } = await client.stopped();
    const seen: [string | undefined, number][] = [];
    for (let count = 0; count < 80; count += 1) {
      await client.stepInRequest({ threadId });
      const event = await Promise.race([client.stopped(), reply]);
      if (!('reason' in event)) break;
      assert.ok(
        event.frames.every(
          ({ presentationHint, source }) => presentationHint === 'label' || source?.path,
        ),
      );
      if (seen.at(-1)?.[0] !== event.path || seen.at(-1)?.[1] !== event.line) {
        seen.push([event.path, event.line]);
      }
    }
    assert.deepEqual((await reply).json(), { text: 'HI!', total: 140 });
    const expected: [File, number][] = [
      ['lib/words.ts', 5],
      ['lib/words.ts', 6],
      ['lib/words.ts', 7],
      ['main.ts', 16],
      [measureFile, 3],
      [measureFile, 4],
      ['main.ts', 17],
      [counterFile, 3],
      [counterFile, 4],
      ['main.ts', 17],
      [counterFile, 3],
      [counterFile, 4],
      ['main.ts', 17],
      ['lib/numbers.ts', 3],
      ['main.ts', 18],
      ['main.ts', 19],
      ['main.ts', 20],
      ['main.ts', 21],
      ['main.ts', 22],
    ];
    assert.equal(program, path('main.ts'));
    assert.deepEqual(
      seen,
      expected.map(([file, line]) => [path(file), line]),
    );
  });

  it('throws and prints with the places and function names that were written', async () => {
    const { client, path, send, program } = await start('ts9');
    await client.setExceptionBreakpointsRequest({ filters: ['uncaught'] });
    const logs = nats.subscribe('$NEX.logs.>');
    const reply = send('much too long');
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.path, stop.line], ['exception', path('lib/words.ts'), 6]);
    assert.deepEqual(
      stop.frames.map(({ name }) => name),
      ['shout', 'default'],
    );
    const { details } = (await client.exceptionInfoRequest({ threadId: stop.threadId })).body;
    const expected = [`at shout (${path('lib/words.ts')}:6:`, `at default (${program}:15:`];
    for (const part of expected)
      assert.ok(details?.stackTrace?.includes(part), details?.stackTrace);
    await client.continue(stop.threadId);
    await reply;
    for await (const message of logs) {
      const text = message.string();
      if (!text.includes('execution failed')) continue;
      const urls = [`at shout (${pathToFileURL(path('lib/words.ts')).href}:6:`, `at default (`];
      for (const part of urls) assert.ok(text.includes(part), text);
      break;
    }
    const good = send('hi');
    const printed = await client.next<DebugProtocol.OutputEvent['body']>(
      'output',
      ({ output: text }: DebugProtocol.OutputEvent['body']) => text.startsWith('answers'),
    );
    assert.deepEqual([printed.source?.path, printed.line], [program, 21]);
    await good;
  });

  it('stops on entry at the first statement of the function', async () => {
    const { program } = await writeProgram(files);
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'ts10', stopOnEntry: true });
    const reply = nats.request('ts10', 'hi', { timeout: 20_000 });
    const stop = await client.stopped();
    assert.deepEqual([stop.reason, stop.path, stop.line], ['entry', program, 14]);
    await client.continue(stop.threadId);
    await reply;
  });

  it('without imports is debugged as the script that it is', async () => {
    const { program } = await writeProgram({
      'script.ts': `type Reply = { size: number };
const factor: number = 2;

function scale(size: number): number {
  return size * factor;
}

(subject: string, payload: Uint8Array): Reply => {
  const size = scale(payload.length);
  return { size };
};
`,
    });
    const client = await DapClient.start(node);
    const [set] = await client.debug({ program, subject: 'ts11' }, [4]);
    assert.deepEqual([set?.verified, set?.line], [true, 5]);
    const reply = nats.request('ts11', 'four', { timeout: 20_000 });
    const stop = await client.stopped();
    assert.deepEqual(
      stop.frames.map(({ name, line, source }) => [name, line, source?.path]),
      [
        ['scale', 5, program],
        ['(anonymous)', 9, program],
      ],
    );
    assert.equal(await client.value('size * factor', stop.frameId, 'hover'), '8');
    await client.continue(stop.threadId);
    assert.deepEqual((await reply).json(), { size: 8 });
  });

  it('with a shared context keeps breakpoints, and shows what is kept between messages', async () => {
    const { program } = await writeProgram({
      'shared.ts': `import { tools } from './tools.ts';
let count = 0;
export default (subject: string) => {
  count += tools.step;
  return count;
};
`,
      'tools.ts': "export * as tools from './step.ts';\n",
      'step.ts': 'export const step = 2;\n',
    });
    const client = await DapClient.start(node);
    await client.debug({ program, subject: 'ts12', contexts: 'shared' }, [5]);
    for (const count of ['2', '4', '6']) {
      const reply = nats.request('ts12', '', { timeout: 20_000 });
      const stop = await client.stopped();
      assert.deepEqual([stop.path, stop.line], [program, 5]);
      assert.equal(await client.value('count', stop.frameId, 'watch'), count);
      assert.equal(await client.value('Object.keys(tools).join()', stop.frameId), "'step'");
      await client.continue(stop.threadId);
      assert.equal((await reply).string(), count);
    }
  });
});

type Breakpoints = Parameters<DapClient['breakAt']>[1];
