// The instructions that floats go through, sorted by what they do with a NaN; and the sequence that makes every NaN the same.
import { behind, type Instruction, SELECT, VECTOR } from "./opcodes.js";

export type VectorLanes = "f32x4" | "f64x2";
export type Lanes = "f32" | "f64" | VectorLanes;

export const BITSELECT: Instruction = behind(VECTOR, 0x52);

const NAN32 = [0x00, 0x00, 0xc0, 0x7f];
const NAN64 = [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f];

interface Closing {
  /** The type of the local that the sequence needs. */
  readonly local: number;
  /** The instruction, as bytes, that pushes the NaN of the deterministic profile: quiet, positive, nothing else set. */
  readonly nan: readonly number[];
  readonly equal: Instruction;
  readonly choose: Instruction;
}

export const CLOSING: Readonly<Record<Lanes, Closing>> = {
  f32: { local: 0x7d, nan: [0x43, ...NAN32], equal: 0x5b, choose: SELECT },
  f64: { local: 0x7c, nan: [0x44, ...NAN64], equal: 0x61, choose: SELECT },
  f32x4: {
    local: 0x7b,
    nan: [VECTOR, 12, ...NAN32, ...NAN32, ...NAN32, ...NAN32],
    equal: behind(VECTOR, 0x41),
    choose: BITSELECT,
  },
  f64x2: { local: 0x7b, nan: [VECTOR, 12, ...NAN64, ...NAN64], equal: behind(VECTOR, 0x47), choose: BITSELECT },
};

const UNARY = ["ceil", "floor", "trunc", "nearest", "sqrt"];
const BINARY = ["add", "sub", "mul", "div", "min", "max"];

/** Instructions that can make a NaN of a number; the specification leaves its bits open, and V8 alone gives two answers. */
export const SCALAR_MAKERS: ReadonlyMap<Instruction, string> = new Map([
  ...[...UNARY, ...BINARY].map((name, i): [Instruction, string] => [0x8d + i, `f32.${name}`]),
  ...[...UNARY, ...BINARY].map((name, i): [Instruction, string] => [0x9b + i, `f64.${name}`]),
  [0xb6, "f32.demote_f64"],
  [0xbb, "f64.promote_f32"],
]);

interface Observer {
  readonly name: string;
  readonly lanes: "f32" | "f64";
}

/** Instructions whose top operand is a number, and which let its bits be seen. */
export const OBSERVERS: ReadonlyMap<Instruction, Observer> = new Map([
  [0x38, { name: "f32.store", lanes: "f32" }],
  [0x39, { name: "f64.store", lanes: "f64" }],
  [0xbc, { name: "i32.reinterpret_f32", lanes: "f32" }],
  [0xbd, { name: "i64.reinterpret_f64", lanes: "f64" }],
  [0x98, { name: "f32.copysign", lanes: "f32" }],
  [0xa6, { name: "f64.copysign", lanes: "f64" }],
  [behind(VECTOR, 0x13), { name: "f32x4.splat", lanes: "f32" }],
  [behind(VECTOR, 0x14), { name: "f64x2.splat", lanes: "f64" }],
  [behind(VECTOR, 0x20), { name: "f32x4.replace_lane", lanes: "f32" }],
  [behind(VECTOR, 0x22), { name: "f64x2.replace_lane", lanes: "f64" }],
]);

/** Conversions from integers: a number, never a NaN. */
export const FROM_INTEGERS: ReadonlySet<Instruction> = new Set([0xb2, 0xb3, 0xb4, 0xb5, 0xb7, 0xb8, 0xb9, 0xba]);

/** An instruction that takes vectors lane by lane, as floats, and does not see which NaN is in them. */
export interface LaneOperation {
  readonly name: string;
  readonly takes: VectorLanes;
  readonly operands: 1 | 2;
  /**
   * `open`: may make a NaN of its own. `same`: hands on its operands' NaNs, their sign at most changed; pmin and pmax
   * compare, and give one operand as it is. `number`: one lane, a NaN or not. `integers`: nothing of a NaN.
   */
  readonly gives: "open" | "same" | "number" | "integers";
  /** Of the result, where it is a vector of floats. */
  readonly lanes: VectorLanes;
}

export const LANE_OPERATIONS: ReadonlyMap<Instruction, LaneOperation> = new Map([
  ...operations("f32x4", "open", 1, UNARY, [0x67, 0x68, 0x69, 0x6a, 0xe3]),
  ...operations("f64x2", "open", 1, UNARY, [0x74, 0x75, 0x7a, 0x94, 0xef]),
  ...operations("f32x4", "open", 2, BINARY, [0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9]),
  ...operations("f64x2", "open", 2, BINARY, [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5]),
  ...operations("f64x2", "open", 1, ["demote"], [0x5e], "f32x4"),
  ...operations("f32x4", "open", 1, ["promote"], [0x5f], "f64x2"),
  ...operations("f32x4", "same", 1, ["abs", "neg"], [0xe0, 0xe1]),
  ...operations("f64x2", "same", 1, ["abs", "neg"], [0xec, 0xed]),
  ...operations("f32x4", "same", 2, ["pmin", "pmax"], [0xea, 0xeb]),
  ...operations("f64x2", "same", 2, ["pmin", "pmax"], [0xf6, 0xf7]),
  ...operations("f32x4", "number", 1, ["extract_lane"], [0x1f]),
  ...operations("f64x2", "number", 1, ["extract_lane"], [0x21]),
  ...operations("f32x4", "integers", 2, ["eq", "ne", "lt", "gt", "le", "ge"], [0x41, 0x42, 0x43, 0x44, 0x45, 0x46]),
  ...operations("f64x2", "integers", 2, ["eq", "ne", "lt", "gt", "le", "ge"], [0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c]),
  ...operations("f32x4", "integers", 1, ["trunc_sat_s", "trunc_sat_u"], [0xf8, 0xf9]),
  ...operations("f64x2", "integers", 1, ["trunc_sat_s", "trunc_sat_u"], [0xfc, 0xfd]),
]);

function operations(
  takes: VectorLanes,
  gives: LaneOperation["gives"],
  operands: 1 | 2,
  names: readonly string[],
  opcodes: readonly number[],
  lanes: VectorLanes = takes,
): [Instruction, LaneOperation][] {
  return opcodes.map((opcode, i) => [
    behind(VECTOR, opcode),
    { name: `${takes}.${names[i]}`, takes, operands, gives, lanes },
  ]);
}
