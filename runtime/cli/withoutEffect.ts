import { isFunctionType, type WorkloadType } from '../protocol/workloadTypes.ts';
import type { LimitFlags } from './limitOptions.ts';
import type { ModeFlags } from './modeOptions.ts';

interface Asked extends LimitFlags, ModeFlags {
  readonly argv?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What was asked for and does nothing for this type of workload; and what `strict` leaves out of a service's environment. */
export function findWithoutEffect(type: WorkloadType, asked: Asked): string[] {
  const { argv, env, contexts, allow, timeout, memory, mode } = asked;
  const isFunction = isFunctionType(type);
  const notes: [isSo: boolean, text: string][] = [
    [isFunction && argv !== undefined, '--argv is for services: a function gets no arguments.'],
    [
      type === 'v8' && Object.keys(env).length > 0,
      'KEY=VALUE is for services and WebAssembly: a JavaScript function sees no environment, here as on Nex.',
    ],
    [
      type !== 'v8' && allow !== undefined,
      '--allow is for JavaScript functions: nothing else has host services.',
    ],
    [type !== 'v8' && contexts !== undefined, '--contexts is for JavaScript functions.'],
    [
      !isFunction && (timeout !== undefined || memory !== undefined),
      '--timeout and --memory are for functions: a service has no limits.',
    ],
    [
      !isFunction && mode === 'strict' && !('NATS_URL' in env),
      'In mode strict a service gets no NATS_URL, as on a real node: give NATS_URL=URL if it needs one.',
    ],
  ];
  return notes.flatMap(([isSo, text]) => (isSo ? [text] : []));
}
