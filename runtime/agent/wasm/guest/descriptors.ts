import { errno, type Errno } from './errno.ts';
import { answerErrno } from './guestMemory.ts';
import type { Program } from './program.ts';

const stdin = 0;
const stdout = 1;
const stderr = 2;
/**
 * Not a terminal: C libraries then write in blocks, as on the real node, whose streams are devices without a name
 * (wazero's `internal/sys/stdio.go`).
 */
const blockDevice = 1;
const readRight = 1n << 1n;
const writeRight = 1n << 6n;

/** What can be done with stdin, stdout and stderr, and what is answered for files, of which there is none. */
export function descriptorFunctions(running: () => Program) {
  const onOpen = (fd: number, work: (program: Program) => Errno): Errno =>
    answerErrno(() => (running().open.has(fd) ? work(running()) : errno.badf));
  const succeed = (fd: number) => onOpen(fd, () => errno.success);
  const noSeeking = (fd: number) => onOpen(fd, () => errno.spipe);

  return {
    fd_read: (fd: number, vectors: number, count: number, result: number) =>
      onOpen(fd, (program) => (fd === stdin ? read(program, vectors, count, result) : errno.badf)),
    fd_write: (fd: number, vectors: number, count: number, result: number) =>
      onOpen(fd, (program) =>
        fd === stdin ? errno.badf : write(program, fd, vectors, count, result),
      ),
    fd_close: (fd: number) =>
      onOpen(fd, ({ open }) => {
        open.delete(fd);
        return errno.success;
      }),
    fd_fdstat_get: (fd: number, result: number) =>
      onOpen(fd, ({ memory }) => {
        memory.bytes(result, 24).fill(0);
        memory.writeU8(result, blockDevice);
        memory.writeU64(result + 8, fd === stdin ? readRight : writeRight);
        return errno.success;
      }),
    fd_filestat_get: (fd: number, result: number) =>
      onOpen(fd, ({ memory }) => {
        memory.bytes(result, 64).fill(0);
        memory.writeU8(result + 16, blockDevice);
        memory.writeU64(result + 24, 1n);
        return errno.success;
      }),
    fd_fdstat_set_flags: succeed,
    fd_datasync: succeed,
    fd_sync: succeed,
    fd_seek: noSeeking,
    fd_tell: noSeeking,
    // Asked until it says no: there are no directories.
    fd_prestat_get: () => errno.badf,
    fd_prestat_dir_name: () => errno.badf,
  };
}

function read(program: Program, vectors: number, count: number, result: number): Errno {
  const { memory, input } = program;
  let total = 0;
  for (const target of eachVector(program, vectors, count)) {
    const part = input.subarray(program.inputPosition, program.inputPosition + target.length);
    target.set(part);
    program.inputPosition += part.length;
    total += part.length;
  }
  memory.writeU32(result, total);
  return errno.success;
}

function write(
  program: Program,
  fd: number,
  vectors: number,
  count: number,
  result: number,
): Errno {
  const { memory, output, errors } = program;
  let total = 0;
  for (const source of eachVector(program, vectors, count)) {
    if (fd === stdout) output.write(source);
    else if (fd === stderr) errors.write(source);
    total += source.length;
  }
  memory.writeU32(result, total);
  return errno.success;
}

function* eachVector({ memory }: Program, vectors: number, count: number): Generator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    const vector = vectors + index * 8;
    yield memory.bytes(memory.readU32(vector), memory.readU32(vector + 4));
  }
}
