// Every instruction of the profile and the shape of its operands.
// MVP, sign extension, saturating conversion, bulk memory, references and SIMD. What is not listed is refused, so that a
// new proposal is never let through unseen.
import type { Rule } from "./finding.js";
import { Malformed, Reader } from "./reader.js";

/** An instruction as one number: the opcode, or prefix * 0x10000 + the opcode behind the prefix. */
export type Instruction = number;

/** Prefixes of the instructions that have one (WebAssembly 2.0, 5.4). */
export const NUMERIC = 0xfc;
export const VECTOR = 0xfd;
export const behind = (prefix: number, opcode: number): Instruction => prefix * 0x10000 + opcode;

export const END: Instruction = 0x0b;
export const BRANCH_TABLE: Instruction = 0x0e;
export const CALL: Instruction = 0x10;
export const CALL_INDIRECT: Instruction = 0x11;
export const DROP: Instruction = 0x1a;
export const SELECT: Instruction = 0x1b;
export const LOCAL_GET: Instruction = 0x20;
export const LOCAL_SET: Instruction = 0x21;
export const LOCAL_TEE: Instruction = 0x22;
export const GLOBAL_GET: Instruction = 0x23;
export const GLOBAL_SET: Instruction = 0x24;
export const MEMORY_GROW: Instruction = 0x40;
export const I32_CONST: Instruction = 0x41;
export const I32_AND: Instruction = 0x71;
export const VECTOR_CONST: Instruction = behind(VECTOR, 12);

type Operands = (reader: Reader) => number;

const none: Operands = () => 0;
const index: Operands = (reader) => reader.u32();
const twoIndices: Operands = (reader) => {
  const first = reader.u32();
  reader.u32();
  return first;
};
const block: Operands = (reader) => reader.blockType();
const branchTable: Operands = (reader) => {
  for (let count = reader.u32() + 1; count > 0; count--) reader.u32();
  return 0;
};
const memory: Operands = (reader) => {
  // Bit 6 of the alignment says that a memory index follows; there is one memory. Bit 7 says that more bytes follow, which
  // no alignment needs, and which SpiderMonkey 102 does not read.
  if (reader.u8() >= 64) throw new Malformed("an access names its memory, or its alignment in several bytes");
  return reader.u32();
};
const memoryLane: Operands = (reader) => {
  memory(reader);
  return reader.u8();
};
const bytes =
  (count: number): Operands =>
  (reader) => {
    reader.skip(count);
    return 0;
  };
const leb =
  (bytesMax: number): Operands =>
  (reader) => {
    reader.skipLeb(bytesMax);
    return 0;
  };
const valueTypes: Operands = (reader) => {
  for (let count = reader.u32(); count > 0; count--) reader.valueType();
  return 0;
};
const valueType: Operands = (reader) => {
  reader.valueType();
  return 0;
};

const SINGLE: (Operands | undefined)[] = new Array(256);
const AFTER_NUMERIC: (Operands | undefined)[] = new Array(18);
const AFTER_VECTOR: (Operands | undefined)[] = new Array(256);

function fill(table: (Operands | undefined)[], first: number, last: number, operands: Operands): void {
  for (let opcode = first; opcode <= last; opcode++) table[opcode] = operands;
}

fill(SINGLE, 0x00, 0x01, none); // unreachable nop
fill(SINGLE, 0x02, 0x04, block); // block loop if
SINGLE[0x05] = none; // else
SINGLE[0x0b] = none; // end
fill(SINGLE, 0x0c, 0x0d, index); // br br_if
SINGLE[BRANCH_TABLE] = branchTable;
SINGLE[0x0f] = none; // return
SINGLE[CALL] = index;
SINGLE[CALL_INDIRECT] = twoIndices;
fill(SINGLE, 0x1a, 0x1b, none); // drop select
SINGLE[0x1c] = valueTypes; // select with types
fill(SINGLE, 0x20, 0x26, index); // local.* global.* table.get table.set
fill(SINGLE, 0x28, 0x3e, memory); // loads and stores
fill(SINGLE, 0x3f, 0x40, index); // memory.size memory.grow
SINGLE[0x41] = leb(5);
SINGLE[0x42] = leb(10);
SINGLE[0x43] = bytes(4);
SINGLE[0x44] = bytes(8);
fill(SINGLE, 0x45, 0xc4, none); // comparisons, arithmetic, conversions, sign extensions
SINGLE[0xd0] = valueType; // ref.null
SINGLE[0xd1] = none; // ref.is_null
SINGLE[0xd2] = index; // ref.func

fill(AFTER_NUMERIC, 0, 7, none); // saturating conversions
AFTER_NUMERIC[8] = twoIndices; // memory.init
AFTER_NUMERIC[9] = index; // data.drop
AFTER_NUMERIC[10] = twoIndices; // memory.copy
AFTER_NUMERIC[11] = index; // memory.fill
AFTER_NUMERIC[12] = twoIndices; // table.init
AFTER_NUMERIC[13] = index; // elem.drop
AFTER_NUMERIC[14] = twoIndices; // table.copy
fill(AFTER_NUMERIC, 15, 17, index); // table.grow table.size table.fill

fill(AFTER_VECTOR, 0x0d, 0xff, none);
fill(AFTER_VECTOR, 0x00, 0x0b, memory);
fill(AFTER_VECTOR, 0x0c, 0x0d, bytes(16)); // v128.const, i8x16.shuffle
fill(AFTER_VECTOR, 0x15, 0x22, bytes(1)); // lanes
fill(AFTER_VECTOR, 0x54, 0x5b, memoryLane);
fill(AFTER_VECTOR, 0x5c, 0x5d, memory);
// Numbers the specification leaves unused.
const UNUSED = [
  0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2,
  0xee,
];
for (const opcode of UNUSED) AFTER_VECTOR[opcode] = undefined;

/** Instructions that change what a snapshot of the memory does not hold: tables, and which segments still exist. */
export const HIDDEN_STATE: ReadonlyMap<Instruction, string> = new Map([
  [0x26, "table.set"],
  [behind(NUMERIC, 9), "data.drop"],
  [behind(NUMERIC, 12), "table.init"],
  [behind(NUMERIC, 13), "elem.drop"],
  [behind(NUMERIC, 14), "table.copy"],
  [behind(NUMERIC, 15), "table.grow"],
  [behind(NUMERIC, 17), "table.fill"],
]);

/**
 * Instructions on which engines disagree whatever stands before them (disputed.ts has those where it matters). Of 0 and -0
 * the larger is 0; SpiderMonkey 102, the engine of Firefox 102, says -0.
 */
export const DISPUTED: ReadonlyMap<Instruction, string> = new Map([
  [behind(VECTOR, 0xe9), "f32x4.max"],
  [behind(VECTOR, 0xf5), "f64x2.max"],
]);

/** An instruction outside the profile: `walk` cannot know where the next one begins. */
export class OutsideProfile extends Error {
  readonly offset: number;
  readonly rule: Rule;

  constructor(offset: number, what: string, rule: Rule = "opcode") {
    super(what);
    this.offset = offset;
    this.rule = rule;
  }
}

/**
 * Calls `visit` with every instruction of a body: the instruction, its first operand where that is an index, its byte offset.
 * @throws OutsideProfile, Malformed
 */
export function walk(
  module: Uint8Array,
  begin: number,
  end: number,
  visit: (instruction: Instruction, operand: number, offset: number) => void,
): void {
  const reader = new Reader(module, begin, end);
  for (let groups = reader.u32(); groups > 0; groups--) {
    reader.u32();
    reader.valueType();
  }
  while (reader.at < end) {
    const offset = reader.at;
    const opcode = reader.u8();
    if (opcode === NUMERIC || opcode === VECTOR) {
      const second = reader.u32();
      const operands = (opcode === NUMERIC ? AFTER_NUMERIC : AFTER_VECTOR)[second];
      if (operands === undefined) throw outside(offset, opcode, second);
      visit(behind(opcode, second), operands(reader), offset);
    } else {
      const operands = SINGLE[opcode];
      if (operands === undefined) throw outside(offset, opcode, 0);
      visit(opcode, operands(reader), offset);
    }
  }
}

/** The instruction that begins at an offset. */
export function instructionAt(module: Uint8Array, offset: number): Instruction {
  const reader = new Reader(module, offset, module.length);
  const opcode = reader.u8();
  return opcode === NUMERIC || opcode === VECTOR ? behind(opcode, reader.u32()) : opcode;
}

function outside(offset: number, opcode: number, second: number): OutsideProfile {
  const hex = `0x${opcode.toString(16)}`;
  if (opcode === VECTOR && second >= 0x100)
    return new OutsideProfile(offset, `relaxed SIMD (${hex} 0x${second.toString(16)})`, "relaxed-simd");
  if (opcode === NUMERIC || opcode === VECTOR)
    return new OutsideProfile(offset, `an unknown instruction (${hex} 0x${second.toString(16)})`);
  if (opcode === 0xfe) return new OutsideProfile(offset, `an atomic instruction (${hex})`, "threads");
  if (opcode === 0xfb)
    return new OutsideProfile(offset, `an instruction of garbage collection (${hex})`, "garbage-collection");
  if ((opcode >= 0x06 && opcode <= 0x0a) || opcode === 0x18 || opcode === 0x19 || opcode === 0x1f)
    return new OutsideProfile(offset, `an instruction of exceptions (${hex})`, "exceptions");
  const byReference = (opcode >= 0x12 && opcode <= 0x15) || (opcode >= 0xd3 && opcode <= 0xd6);
  return new OutsideProfile(
    offset,
    `${byReference ? "a tail call or a call by reference" : "an unknown instruction"} (${hex})`,
  );
}
