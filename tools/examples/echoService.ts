import { resolve } from 'node:path';
import { searchPath } from '../../runtime/protocol/programs.ts';
import type { Example } from './example.ts';

const directory = resolve(import.meta.dirname, '../../examples/echo-service');

/** The talk's Go service: one static executable. */
export const echoService: Example = {
  name: 'echo-service',
  output: 'echo-service/echo',
  command: async (output) => {
    const [program] = await searchPath('go');
    if (program === undefined) throw new Error('there is no go on PATH: https://go.dev/dl');
    const flags = ['-tags', 'netgo', '-ldflags', '-extldflags "-static"'];
    const args = ['build', '-C', directory, ...flags, '-o', resolve(directory, '..', output)];
    return { program, args, env: { CGO_ENABLED: '0' } };
  },
};
