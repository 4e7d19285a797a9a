import { ensureFittingNode } from '../../runtime/client/runtimeNodeRestart.ts';

/** An entry file as the product's: says what runs it and ends with the exit code it is given, or waits to be ended. */
async function main(): Promise<void> {
  const [command, code] = process.argv.slice(2);
  if (command === 'wait') {
    console.log(String(process.pid));
    await new Promise(() => setInterval(() => undefined, 1000));
  }
  const snapshot = process.execArgv.includes('--no-node-snapshot');
  console.log(JSON.stringify({ abi: process.versions.modules, snapshot }));
  process.exitCode = Number(code);
}

if (await ensureFittingNode()) await main();
