/** `npx node tools/buildExamples.ts [name ...]`: builds the examples that are not run from their source. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../runtime/protocol/nexError.ts';
import { echoService } from './examples/echoService.ts';
import { echoWasm } from './examples/echoWasm.ts';
import type { Example } from './examples/example.ts';

const run = promisify(execFile);
const directory = join(import.meta.dirname, '../examples');
const examples: readonly Example[] = [echoWasm, echoService];

async function build({ name, output, command }: Example): Promise<void> {
  try {
    const { program, args, env } = await command(output);
    await run(program, [...args], { cwd: directory, env: { ...process.env, ...env } });
    console.log(`${name}: examples/${output}`);
  } catch (error) {
    console.error(`${name}: ${errorText(error)}`);
    process.exitCode = 1;
  }
}

const chosen = process.argv.slice(2);
for (const example of examples) {
  if (chosen.length === 0 || chosen.includes(example.name)) await build(example);
}
