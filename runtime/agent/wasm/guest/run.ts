import { createFakeSystem } from './fakeSystem.ts';
import type { ExtendedInstance, WasiExtension } from './wasiExtension.ts';
import { GuestMemory } from './guestMemory.ts';
import { LineBuffer } from './lineBuffer.ts';
import { collectWrites, keepLastWrite, ReplyTooLarge } from './output.ts';
import { ProgramExit, type Program } from './program.ts';
import { createRealSystem } from './system.ts';
import { cString } from './text.ts';
import { createWasiFunctions } from './wasiFunctions.ts';
import {
  copied,
  type WasmFailure,
  type WasmHost,
  type WasmOutcome,
  type WasmSettings,
} from './wasmHost.ts';

/** `position` is that of the message in its entry. */
export type Run = (subject: string, payload: Uint8Array, position: number) => WasmOutcome;

interface Runner {
  readonly run: Run;
  /** Names of the WASI functions that are there without more. */
  readonly own: readonly string[];
  readonly extend: (extension: WasiExtension) => void;
}

/** Runs a compiled module once per message, each time as a fresh instance. */
export function createRunner(
  module: WebAssembly.Module,
  host: WasmHost,
  settings: WasmSettings,
): Runner {
  const createProgram = programFactory(host, settings);
  let program: Program | undefined;
  const own = createWasiFunctions(() => {
    if (program === undefined) throw new Error('no program runs');
    return program;
  });
  let extension: WasiExtension | undefined;
  const run: Run = (subject, payload, position) => {
    program = createProgram(subject, payload, position);
    let extended: ExtendedInstance | undefined;
    try {
      extended = extension?.(module, own);
      const imports = { wasi_snapshot_preview1: own };
      execute(extended?.instance ?? new WebAssembly.Instance(module, imports), program);
      return reply(program, settings);
    } catch (thrown) {
      return failure(thrown, program);
    } finally {
      program.errors.flush();
      program = undefined;
      extended?.free();
    }
  };
  return { run, own: Object.keys(own), extend: (one) => (extension = one) };
}

function programFactory(host: WasmHost, { mode, environment, ...settings }: WasmSettings) {
  const variables = Object.entries(environment).map(([name, value]) => cString(`${name}=${value}`));
  const tellError = (position: number) => (bytes: Uint8Array) => {
    const text = host.stderr.applySync(undefined, [position, bytes], copied);
    if (text !== undefined) console.error(text);
  };
  return (subject: string, input: Uint8Array, position: number): Program => ({
    memory: new GuestMemory(undefined),
    system: mode === 'strict' ? createFakeSystem() : createRealSystem(host),
    args: [cString('nexfunction'), cString(settings.subject ?? subject)],
    environment: variables,
    input,
    inputPosition: 0,
    output: mode === 'strict' ? keepLastWrite() : collectWrites(settings.maxReplyBytes),
    // The real node keeps it for its own console.
    errors: new LineBuffer(mode === 'strict' ? () => undefined : tellError(position)),
    open: new Set([0, 1, 2]),
  });
}

function execute({ exports }: WebAssembly.Instance, program: Program): void {
  const start = exports['_start'];
  if (typeof start !== 'function') throw new Error('the module exports no function _start');
  program.memory = new GuestMemory(exports['memory']);
  try {
    (start as () => void)();
  } catch (thrown) {
    if (!(thrown instanceof ProgramExit) || thrown.code !== 0) throw thrown;
  }
}

/** On the real node nothing written is no reply, and so a failure. */
function reply({ output, memory }: Program, { mode }: WasmSettings): WasmOutcome {
  const bytes = output.take();
  if (mode === 'faithful' || bytes.length > 0) return bytes;
  return told({ text: 'the function wrote nothing to stdout', memoryBytes: memory.size });
}

function failure(thrown: unknown, { memory }: Program): WasmOutcome {
  const memoryBytes = memory.size;
  if (!isError(thrown)) return told({ text: String(thrown), memoryBytes });
  const { message: text, stack } = thrown;
  const isOwn = thrown instanceof ProgramExit || thrown instanceof ReplyTooLarge;
  return told({ text, memoryBytes, ...(isOwn || stack === undefined ? {} : { stack }) });
}

/** Not by `instanceof`: a trap is an error of the context that the instance was made in. */
const isError = (thrown: unknown): thrown is Error =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'stack' in thrown;

const told = (failure: WasmFailure): WasmOutcome => JSON.stringify(failure);
