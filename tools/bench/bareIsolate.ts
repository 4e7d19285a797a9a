/**
 * The other baseline: isolated-vm alone, doing per call what an invocation needs of it (a fresh context, run the script,
 * call, copy the result, asynchronous entry), without NATS. Says calls per second to its parent.
 */
import ivm from 'isolated-vm';
import { echoSource } from './echoSource.ts';

const isolate = new ivm.Isolate({ memoryLimit: 128, inspector: true });
const script = isolate.compileScriptSync(echoSource, { filename: 'file:///bench.js' });
const call = isolate.compileScriptSync('(fn, s, p) => JSON.stringify(fn.call(globalThis, s, p))');

async function invoke(): Promise<void> {
  const context = await isolate.createContext({ inspector: true });
  const caller = await call.run(context, { reference: true });
  const fn = await script.run(context, { reference: true, timeout: 5000 });
  const payload = new ivm.ExternalCopy(new Uint8Array(100)).copyInto({ release: true });
  await caller.apply(undefined, [fn.derefInto(), 'bench', payload], { timeout: 5000 });
  fn.release();
  caller.release();
  context.release();
}

async function measure(calls: number): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < calls; done += 1) await invoke();
  return (calls / (performance.now() - start)) * 1000;
}

await measure(500);
process.on('message', (calls: number) => {
  void measure(calls).then((rate) => process.send?.(rate));
});
process.send?.('ready');
