/**
 * `npm run demo`: the whole loop in a terminal, on real parts, and proof that it is one. Payloads are random; what is
 * printed comes from replies and from the adapter's `variables` responses and must equal what was sent, or it exits
 * non-zero.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import { DevClient } from '../runtime/client/devClient.ts';
import { devrun } from '../runtime/client/devrun.ts';
import { readKeys } from '../runtime/client/keys.ts';
import { DebugSession, type Stop } from './demo/debugSession.ts';
import { startThrowawayNode, type ThrowawayNode } from './throwawayNode.ts';

const root = join(import.meta.dirname, '..');
const program = join(root, 'examples/echo.js');
/** Line of `return {` in examples/echo.js. */
const returnLine = 8;

const echoSchema = z.object({ triggered_on: z.string(), payload: z.string() });

const say = (text: string) => console.log(text);
const heading = (text: string) => say(`\n▸ ${text}`);
const random = () => randomBytes(6).toString('hex');

async function runAndAsk(connection: NatsConnection, node: ThrowawayNode): Promise<void> {
  heading('echo.js on subject echo, as `nexdev devrun examples/echo.js --trigger_subject=echo`');
  const keys = await readKeys(join(node.directory, '.nex'));
  const { nodeId } = node;
  await devrun({ connection, keys, file: program, nodeId, triggerSubjects: ['echo'] });
  const payload = `hello ${random()}`;
  const start = performance.now();
  const reply = await connection.request('echo', payload, { timeout: 5000 });
  say(`  req  echo '${payload}'`);
  say(`  got  ${reply.string()}  (${(performance.now() - start).toFixed(1)} ms)`);
  assert.deepEqual(echoSchema.parse(reply.json()), { triggered_on: 'echo', payload });
}

async function breakOnCondition(connection: NatsConnection, session: DebugSession, url: string) {
  const wanted = random();
  const condition = `String.fromCharCode(...payload) === '${wanted}'`;
  heading(`under the debugger, stopping at echo.js:${returnLine} only if ${condition}`);
  const breakpoint = await session.launch(program, 'echo', url, { line: returnLine, condition });
  say(`  breakpoint verified: ${String(breakpoint?.verified)}`);

  const other = random();
  const passed = await connection.request('echo', other, { timeout: 10_000 });
  say(`  req  echo '${other}': answered without a stop: ${passed.string()}`);
  assert.equal(echoSchema.parse(passed.json()).payload, other);

  const stopped = session.nextStop();
  const answer = connection.request('echo', wanted, { timeout: 60_000 });
  const stop = await stopped;
  await showStop(session, stop, 'echo', wanted);
  await stepOnce(session, stop);
  await session.continue(stop);
  const reply = await answer;
  say(`  continued, the caller got ${reply.string()}`);
  assert.deepEqual(echoSchema.parse(reply.json()), { triggered_on: 'echo', payload: wanted });
}

async function replayStored(
  connection: NatsConnection,
  session: DebugSession,
  node: ThrowawayNode,
) {
  const payload = random();
  heading('a stored JetStream message, replayed into the same function and stopped in');
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
  const { seq } = await jetstream(connection).publish('orders.new', payload);
  say(`  stored '${payload}' on orders.new: stream ORDERS, sequence ${seq}`);
  await session.setBreakpoint(program, { line: returnLine });

  const { issuer } = await readKeys(join(node.directory, '.nex'));
  const stopped = session.nextStop();
  const replay = new DevClient(connection, issuer, node.nodeId).replay({
    workload: 'echojs',
    stream: 'ORDERS',
    seq,
  });
  const stop = await stopped;
  await showStop(session, stop, 'orders.new', payload);
  await session.continue(stop);
  const { outcome } = await replay;
  assert.equal(outcome.kind, 'returned');
  say(`  continued, it would have replied ${outcome.text}`);
  const replied = echoSchema.parse(JSON.parse(outcome.text));
  assert.deepEqual(replied, { triggered_on: 'orders.new', payload });
  const { state } = await manager.streams.info('ORDERS');
  assert.deepEqual([state.messages, state.consumer_count], [1, 0]);
  say(`  the stream still has its ${state.messages} message, and no consumer`);
}

async function showStop(session: DebugSession, stop: Stop, subject: string, payload: string) {
  const locals = await session.locals(stop);
  const bytes = locals.get('payload');
  assert.ok(bytes !== undefined, 'the adapter shows no variable `payload`');
  const seen = await session.textOf(bytes);
  say(`  stopped (${stop.reason}) in ${stop.frame.name} at line ${stop.frame.line}`);
  say(`    subject = ${locals.get('subject')?.value ?? ''}`);
  say(`    payload = ${bytes.value}, which reads '${seen}'`);
  assert.equal(stop.frame.line, returnLine);
  assert.match(locals.get('subject')?.value ?? '', new RegExp(subject));
  assert.equal(seen, payload);
}

async function stepOnce(session: DebugSession, stop: Stop): Promise<void> {
  const stopped = session.nextStop();
  await session.step(stop);
  const { reason, frame } = await stopped;
  say(`  stepped: ${reason} at line ${frame.line}, column ${frame.column}`);
  assert.equal(reason, 'step');
}

async function main(): Promise<void> {
  const build = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, encoding: 'utf8' });
  if (build.status !== 0) throw new Error(build.stderr);
  heading('a nats-server and a Nex node, as `nexdev up` (the first time, the server is built)');
  const node = await startThrowawayNode();
  say(`  ${node.url}, node ${node.nodeId}`);
  const connection = await connect({ servers: node.url });
  let session: DebugSession | undefined;
  try {
    await runAndAsk(connection, node);
    session = await DebugSession.start(node.environment);
    await breakOnCondition(connection, session, node.url);
    await replayStored(connection, session, node);
  } finally {
    await session?.stop();
    await connection.close();
    await node.stop();
  }
  say('\nEverything printed above equals what was sent. In VS Code: npm start.');
}

await main();
