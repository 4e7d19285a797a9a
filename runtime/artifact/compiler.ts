import type { BuildOptions, BuildResult, build } from 'esbuild';
import { NexError, errorText } from '../protocol/nexError.ts';
import { describeFailure, isBuildFailure } from './buildFailure.ts';

type Options = BuildOptions & { absWorkingDir: string };
type Result = BuildResult<{ write: false; metafile: true }>;

/** The V8 of a real Nex 0.3 node is 11.1, that of Chrome 111: newer syntax is lowered. */
const target = 'chrome111';

/** Runs esbuild in memory. Throws a NexError that carries every fault as a diagnostic. */
export async function compile(options: Options): Promise<Result> {
  const esbuild = await loadEsbuild();
  try {
    return await esbuild.build({
      ...options,
      write: false,
      metafile: true,
      target,
      charset: 'utf8',
      sourcemap: 'external',
      logLevel: 'silent',
    });
  } catch (error) {
    throw isBuildFailure(error) ? await describeFailure(error, options.absWorkingDir) : error;
  }
}

/** What a build with one output made. */
export function outputOf({ outputFiles }: Result): { code: string; map: string } {
  const text = (suffix: string) =>
    outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  return { code: text('.js'), map: text('.js.map') };
}

/** Loaded at use: plain JavaScript without imports needs no compiler. */
async function loadEsbuild(): Promise<{ build: typeof build }> {
  try {
    return await import('esbuild');
  } catch (cause) {
    throw new NexError('bundler-missing', `esbuild cannot be loaded: ${errorText(cause)}`, {
      remedy: 'Install Nex Devrun again; TypeScript and modules need it.',
      cause,
    });
  }
}
