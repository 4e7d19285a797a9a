import { Option, type Command } from 'commander';
import { writeBuild, type BuildReport } from '../artifact/writeBuild.ts';
import { NexError } from '../protocol/nexError.ts';
import { workloadTypes, type WorkloadType } from '../protocol/workloadTypes.ts';
import { print, printJson, printNotice, printWarnings } from './output.ts';
import { createLocalVerb } from './verb.ts';

interface BuildFlags {
  output?: string;
  minify?: boolean;
  type?: WorkloadType;
  json?: true;
}

export const createBuildCommand = (): Command =>
  createLocalVerb(
    'build',
    'Write the single file that a real Nex 0.3 node runs, and say if it takes it',
    'nexdev build telemetry.ts\nnexdev build telemetry.ts -o dist/telemetry.js --minify',
  )
    .argument(
      '<file>',
      'a function: JavaScript or TypeScript; WebAssembly and services are checked',
    )
    .option(
      '-o, --output <file>',
      'where to write it, a file or a folder (default: NAME.nex.js beside the file)',
    )
    .option('--minify', 'make it as short as possible')
    .addOption(
      new Option('--type <type>', 'type of the workload (inferred from the file)').choices(
        workloadTypes,
      ),
    )
    .action(build);

async function build(file: string, { output, minify = false, type: asked, json }: BuildFlags) {
  const report = await writeBuild(file, { type: asked, minify, out: output });
  const { type, limit, bytes } = report;
  const passes = limit === undefined || bytes <= limit;
  if (type !== 'v8' && (output !== undefined || minify)) {
    printNotice('Nothing is written: -o and --minify are for JavaScript and TypeScript.');
  }
  if (json) printJson({ ...report, passes });
  else printReport(report, passes);
  if (passes) return;
  const text = `${report.file} has ${bytes} bytes; a real Nex 0.3 node refuses more than ${limit}.`;
  throw new NexError('artifact-too-large', text, {
    remedy: minify ? 'Leave something out, or import less.' : 'Try --minify.',
  });
}

function printReport({ type, file, bytes, limit, warnings }: BuildReport, passes: boolean): void {
  printWarnings(warnings);
  if (type === 'v8') {
    print(`Wrote ${file}: ${bytes} of at most ${limit} bytes.`);
    if (passes) print(`Deploy it with: nex devrun ${file} --type v8 --trigger_subject=SUBJECT`);
    return;
  }
  print(`${file} is deployed as it is (${bytes} bytes). ${realChecks[type]}`);
}

/** What a real node asks of the types that are no text. */
const realChecks = {
  wasm: 'A real Nex 0.3 node only checks that it compiles; it runs _start with WASI preview 1.',
  native:
    'A real Nex 0.3 node with the sandbox takes a static ELF only, without the sandbox it checks nothing.',
};
