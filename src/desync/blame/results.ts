// What type of number each instruction leaves on the stack, for those that compute one.
import { behind, type Instruction, VECTOR } from "../../proof/opcodes.js";

export type NumberType = "i32" | "i64" | "f32" | "f64" | "v128";

const NUMERIC = 0xfc;

const SINGLE: (NumberType | undefined)[] = new Array(256);
const AFTER_NUMERIC: (NumberType | undefined)[] = new Array(18);
const AFTER_VECTOR: (NumberType | undefined)[] = new Array(256);

function fill(table: (NumberType | undefined)[], first: number, last: number, type: NumberType | undefined): void {
  for (let opcode = first; opcode <= last; opcode++) table[opcode] = type;
}

fill(SINGLE, 0x28, 0x2b, "i32"); // loads of whole numbers: i32, then the three others
SINGLE[0x29] = "i64";
SINGLE[0x2a] = "f32";
SINGLE[0x2b] = "f64";
fill(SINGLE, 0x2c, 0x2f, "i32"); // loads of 8 and 16 bits
fill(SINGLE, 0x30, 0x35, "i64");
fill(SINGLE, 0x45, 0x66, "i32"); // comparisons
fill(SINGLE, 0x67, 0x78, "i32"); // arithmetic
fill(SINGLE, 0x79, 0x8a, "i64");
fill(SINGLE, 0x8b, 0x98, "f32");
fill(SINGLE, 0x99, 0xa6, "f64");
fill(SINGLE, 0xa7, 0xab, "i32"); // conversions
fill(SINGLE, 0xac, 0xb1, "i64");
fill(SINGLE, 0xb2, 0xb6, "f32");
fill(SINGLE, 0xb7, 0xbb, "f64");
SINGLE[0xbc] = "i32"; // reinterpretations
SINGLE[0xbd] = "i64";
SINGLE[0xbe] = "f32";
SINGLE[0xbf] = "f64";
fill(SINGLE, 0xc0, 0xc1, "i32"); // sign extensions
fill(SINGLE, 0xc2, 0xc4, "i64");

fill(AFTER_NUMERIC, 0, 3, "i32"); // saturating conversions
fill(AFTER_NUMERIC, 4, 7, "i64");

fill(AFTER_VECTOR, 0x00, 0xff, "v128");
AFTER_VECTOR[0x0b] = undefined; // v128.store
fill(AFTER_VECTOR, 0x58, 0x5b, undefined); // storeN_lane
for (const opcode of [0x15, 0x16, 0x18, 0x19, 0x1b]) AFTER_VECTOR[opcode] = "i32"; // extract_lane
AFTER_VECTOR[0x1d] = "i64";
AFTER_VECTOR[0x1f] = "f32";
AFTER_VECTOR[0x21] = "f64";
for (const opcode of [0x53, 0x63, 0x64, 0x83, 0x84, 0xa3, 0xa4, 0xc3, 0xc4]) AFTER_VECTOR[opcode] = "i32"; // any_true, all_true, bitmask

/** Undefined for what computes nothing: constants, variables, calls, control flow, stores. */
export function resultOf(instruction: Instruction): NumberType | undefined {
  if (instruction < 256) return SINGLE[instruction];
  const vector = behind(VECTOR, 0);
  if (instruction < vector) return AFTER_NUMERIC[instruction - behind(NUMERIC, 0)];
  const opcode = instruction - vector;
  return opcode === 0x0c ? undefined : AFTER_VECTOR[opcode]; // v128.const
}
