import { answerErrno } from './guestMemory.ts';
import { errno, type Errno } from './errno.ts';
import { descriptorFunctions } from './descriptors.ts';
import { pollOneoff } from './pollOneoff.ts';
import { ProgramExit, type Program } from './program.ts';

export type WasiFunctions = Readonly<Record<string, (...args: never[]) => Errno>>;

/**
 * WASI preview 1 for programs that know stdin, stdout and stderr and no files, which is all that Nex gives them. One set
 * of functions serves every run, so that V8 compiles their wrappers once; `running` is the program of now.
 */
export function createWasiFunctions(running: () => Program): WasiFunctions {
  return { ...descriptorFunctions(running), ...processFunctions(running) };
}

function processFunctions(running: () => Program) {
  return {
    args_sizes_get: (count: number, size: number) => writeSizes(running(), 'args', count, size),
    args_get: (pointers: number, buffer: number) => writeList(running(), 'args', pointers, buffer),
    environ_sizes_get: (count: number, size: number) =>
      writeSizes(running(), 'environment', count, size),
    environ_get: (pointers: number, buffer: number) =>
      writeList(running(), 'environment', pointers, buffer),
    clock_res_get: (clock: number, result: number) =>
      answerErrno(() => {
        const { memory, system } = running();
        if (clock > 3) return errno.inval;
        memory.writeU64(result, system.resolutionNanos);
        return errno.success;
      }),
    clock_time_get: (clock: number, _precision: bigint, result: number) =>
      answerErrno(() => {
        const { memory, system } = running();
        if (clock > 1) return errno.inval;
        memory.writeU64(result, clock === 0 ? system.wallNanos() : system.monotonicNanos());
        return errno.success;
      }),
    random_get: (pointer: number, length: number) =>
      answerErrno(() => {
        const { memory, system } = running();
        system.fillRandom(memory.bytes(pointer, length));
        return errno.success;
      }),
    poll_oneoff: (subscriptions: number, events: number, count: number, result: number) =>
      answerErrno(() => pollOneoff(running(), { subscriptions, events, count, result })),
    sched_yield: () => errno.success,
    proc_exit: (code: number) => {
      throw new ProgramExit(code);
    },
    proc_raise: () => errno.nosys,
  };
}

type List = 'args' | 'environment';

function writeSizes(program: Program, list: List, count: number, size: number): Errno {
  return answerErrno(() => {
    program.memory.writeU32(count, program[list].length);
    program.memory.writeU32(
      size,
      program[list].reduce((sum, { length }) => sum + length, 0),
    );
    return errno.success;
  });
}

/** Texts end in NUL already. */
function writeList(program: Program, list: List, pointers: number, buffer: number): Errno {
  return answerErrno(() => {
    const { memory } = program;
    let at = buffer;
    program[list].forEach((text, index) => {
      memory.writeU32(pointers + index * 4, at);
      memory.bytes(at, text.length).set(text);
      at += text.length;
    });
    return errno.success;
  });
}
