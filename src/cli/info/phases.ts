// The phases that a game marks, as its code says them: `phase(3)` is compiled to one store of a constant into a known cell.
import type { ModuleShape } from "../../proof/binary.js";
import { I32_CONST, type Instruction, walk } from "../../proof/opcodes.js";
import { Reader } from "../../proof/reader.js";

const I32_STORE: Instruction = 0x36;

/** An instruction and where it stands. */
interface Seen {
  instruction: Instruction;
  offset: number;
}

/** Their numbers, each once, in order; one that a game computes is not found. The module is proven: it can be walked. */
export function phasesMarked(wasm: Uint8Array, module: ModuleShape, cell: number): number[] {
  const numbers = new Set<number>();
  for (const { begin, end } of module.bodies) {
    let before: [Seen | undefined, Seen | undefined] = [undefined, undefined];
    walk(wasm, begin, end, (instruction, _, offset) => {
      const [address, value] = before;
      before = [value, { instruction, offset }];
      if (instruction !== I32_STORE) return;
      const [base, number] = [constantOf(wasm, address), constantOf(wasm, value)];
      if (base !== undefined && number !== undefined && base + storeOffset(wasm, offset) === cell) numbers.add(number);
    });
  }
  return [...numbers].sort((a, b) => a - b);
}

/** Behind a store's opcode stand its alignment and its offset. */
function storeOffset(wasm: Uint8Array, at: number): number {
  const reader = new Reader(wasm, at + 1, wasm.length);
  reader.u32();
  return reader.u32();
}

/** What an i32.const says. */
function constantOf(wasm: Uint8Array, seen: Seen | undefined): number | undefined {
  return seen?.instruction === I32_CONST ? new Reader(wasm, seen.offset + 1, wasm.length).s32() : undefined;
}
