import assert from 'node:assert/strict';
import type { NatsConnection } from '@nats-io/transport-node';
import { after, before, describe, it } from 'mocha';
import { z } from 'zod';
import { CdpClient } from '../support/cdpClient.ts';
import { deployFunction, startConnectedNode, type TestNode } from '../support/devNode.ts';
import { Publications } from '../support/services.ts';
import { compileEcho, languages } from '../support/wasmPrograms.ts';

const scriptSchema = z.looseObject({ scriptId: z.string(), scriptLanguage: z.string() });
const disassemblySchema = z.looseObject({
  chunk: z.looseObject({ lines: z.array(z.string()), bytecodeOffsets: z.array(z.number()) }),
});
const pausedSchema = z.looseObject({
  callFrames: z.array(
    z.looseObject({
      functionName: z.string(),
      scopeChain: z.array(z.looseObject({ type: z.string() })),
    }),
  ),
});

describe('WebAssembly programs', () => {
  let node: TestNode;
  let connection: NatsConnection;
  let dev: Awaited<ReturnType<typeof startConnectedNode>>['dev'];
  before(async () => {
    ({ node, connection, dev } = await startConnectedNode());
  });
  after(() => node.stop());

  const ask = (subject: string, payload = '') =>
    connection.request(subject, payload, { timeout: 20_000 });

  for (const language of languages) {
    it(`of ${language} answer`, async function () {
      const source = await compileEcho(language, node.directory);
      if (source === undefined) {
        this.skip();
      }
      const subject = `programs.${language}`;
      await deployFunction(node, connection, {
        file: `${language}.wasm`,
        source,
        subjects: [subject],
      });
      for (const payload of ['hello nex!', 'grün\u0000', '']) {
        assert.equal((await ask(subject, payload)).string(), payload);
      }
    });
  }

  describe('that fail', () => {
    let published: Publications;
    before(async function () {
      const source = await compileEcho('C', node.directory);
      if (source === undefined) this.skip();
      published = new Publications(connection);
      await deployFunction(node, connection, {
        file: 'failing.wasm',
        source,
        subjects: ['programs.failing'],
        extension: { limits: { memoryMb: 16 } },
      });
    });

    const failures = {
      divide: {
        text: /^divide by zero$/,
        log: /wasm execution failed .*divide by zero[^]*at divide \(\S*echo\.c:5:\d+\)[^]*main \(\S*echo\.c:14:\d+\)/,
      },
      deep: {
        text: /^memory access out of bounds$/,
        log: /out of bounds[^]*at deep \(\S*echo\.c:8:/,
      },
      exit: { text: /^the function ended with exit code 3$/, log: /exit code 3/ },
      eat: {
        text: /^unreachable; its memory had grown to 1\d MB of at most 16 MB$/,
        log: /at .*abort/,
      },
    };
    for (const [payload, { text, log }] of Object.entries(failures)) {
      it(`say how and where (${payload}), and answer the next message`, async () => {
        const reply = await ask('programs.failing', payload);
        assert.match(reply.headers?.get('Nats-Service-Error') ?? '', text);
        assert.equal(reply.headers?.get('Nats-Service-Error-Code'), '500');
        await published.log(log);
        assert.equal((await ask('programs.failing', 'next')).string(), 'next');
      });
    }
  });

  it('stop at a byte offset in every message, with their locals and operand stack', async function () {
    const source = await compileEcho('C', node.directory);
    if (source === undefined) this.skip();
    await deployFunction(node, connection, {
      file: 'stops.wasm',
      source,
      subjects: ['programs.stops'],
    });
    const { webSocketUrl } = await dev.inspector({ workload: 'stopswasm' });
    const client = await CdpClient.connect(webSocketUrl);
    try {
      await client.send('Debugger.enable');
      const script = scriptSchema.parse(await client.event('Debugger.scriptParsed'));
      assert.equal(script.scriptLanguage, 'WebAssembly');
      const { chunk } = disassemblySchema.parse(
        await client.send('Debugger.disassembleWasmModule', { scriptId: script.scriptId }),
      );
      const start = chunk.lines.findIndex((line) => line.includes('(func $__original_main'));
      const columnNumber = chunk.bytecodeOffsets[start + 1];
      const { scriptId } = script;
      await client.send('Debugger.setBreakpoint', {
        location: { scriptId, lineNumber: 0, columnNumber },
      });
      for (const payload of ['one', 'two']) {
        const reply = ask('programs.stops', payload);
        const { callFrames } = pausedSchema.parse(await client.event('Debugger.paused'));
        assert.equal(callFrames[0]?.functionName, '$__original_main');
        const scopes = callFrames[0].scopeChain.map(({ type }) => type);
        assert.deepEqual(scopes, ['wasm-expression-stack', 'local', 'module']);
        await client.send('Debugger.resume');
        assert.equal((await reply).string(), payload);
      }
    } finally {
      client.close();
    }
  });
});
