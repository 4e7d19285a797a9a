import type { DebugProtocol } from '@vscode/debugprotocol';
import type { z } from 'zod';
import { NexError } from '../runtime/protocol/nexError.ts';
import type { disassemble } from './requestArguments.ts';
import type { Instruction } from './runningModule.ts';
import type { Sources } from './sources.ts';

/** How DAP names an instruction: by its offset in the module. */
export const instructionReference = (offset: number) => `0x${offset.toString(16)}`;

/** Undefined for what names none. */
export function parseInstructionReference(reference: string): number | undefined {
  return /^0x[0-9a-f]+$/i.test(reference) ? Number(reference) : undefined;
}

/** The instructions around one, as many as are asked for. */
export async function listInstructions(
  sources: Sources,
  { memoryReference, offset, instructionOffset, instructionCount }: z.infer<typeof disassemble>,
): Promise<DebugProtocol.DisassembleResponse['body']> {
  const { code } = sources;
  const at = parseInstructionReference(memoryReference);
  if (code.language !== 'WebAssembly' || at === undefined) {
    throw new NexError('no-instructions', 'Only WebAssembly has instructions to show.');
  }
  const location = await sources.describe(code.url);
  const all = code.instructions;
  const found = all.findIndex((one) => one.offset >= at + offset);
  const first = (found < 0 ? all.length : found) + instructionOffset;
  const instructions = Array.from({ length: instructionCount }, (_, index) => {
    const instruction = all[first + index];
    return instruction === undefined ? outside(all, first + index) : show(instruction);
  });
  // Those that follow are in the same text.
  return {
    instructions: instructions.map((one, index) => (index === 0 ? { ...one, location } : one)),
  };
}

const show = ({ offset, line, text }: Instruction): DebugProtocol.DisassembledInstruction => ({
  address: instructionReference(offset),
  instruction: text.trim(),
  line: line + 1,
});

/** DAP wants as many as were asked for, also where the module has none. */
function outside(
  all: readonly Instruction[],
  index: number,
): DebugProtocol.DisassembledInstruction {
  const end = (all.at(-1)?.offset ?? 0) + 1;
  const address = index < 0 ? 0 : end + index - all.length;
  return {
    address: instructionReference(address),
    instruction: '',
    presentationHint: 'invalid',
  };
}
