// Where a machine would show which bits it chose for a NaN: the instructions that see them, and the sequence that closes each.
//
// Call two floats alike when they are equal bit for bit, or both NaN. The claim, by induction over the instructions: two
// machines that run a module without open sites agree on everything, bit for bit, but for f32 and f64 on the operand
// stack, in locals, parameters, results and globals, which are alike.
//   - Arithmetic takes alike to alike: a NaN in gives a NaN out, for all of it, min, max and promotion included.
//   - Comparisons, conversions to integers (a trap or 0 for a NaN) and branches do not see which NaN it is. `select`,
//     calls, locals and globals only carry a value. abs and neg change the sign of what stays a NaN.
//   - Loads, constants and extracted lanes are data: the same bits everywhere, whatever NaN a stranger put there.
//   - That leaves the observers: stores, reinterpretations, the sign that copysign takes, and a number that enters a vector.
//     Before each stands the sequence `tee t · const NaN · get t · get t · eq · select`, whose result is x, or the
//     canonical NaN where x is none. Its instructions follow each other without `end`, `else` or `loop` between them, and
//     only there may a branch land: so whoever reaches the observer has run all of them, on the operand it takes.
//   - Vectors are seen bit by bit by too many instructions, so they are to be equal always: what can make a NaN in a lane
//     is followed at once by the same sequence with bitselect. It ends with another `tee t`, so that the local does not
//     keep the open value either. Instead an instruction may follow that takes the vector, as its top operand, for lanes
//     of the same type and treats each as above: alike to alike, or without seeing which NaN it is.
// So nothing needs to be known about what flows where, and what cannot be recognised is open.
import { behind, type Instruction, VECTOR } from "./opcodes.js";

export type Lanes = "f32" | "f64" | "f32x4" | "f64x2";

/** An instruction that takes open bits, or leaves them in a vector. */
export interface OpenSite {
  readonly name: string;
  readonly lanes: Lanes;
  /** Of the function, among those defined in the module. */
  readonly index: number;
  readonly offset: number;
  /** Where the closing sequence belongs: before the observer of a number, behind the maker of a vector. */
  readonly at: number;
}

const LOCAL_GET: Instruction = 0x20;
const LOCAL_TEE: Instruction = 0x22;
const F32_CONST: Instruction = 0x43;
const F64_CONST: Instruction = 0x44;
const SELECT: Instruction = 0x1b;
const BITSELECT: Instruction = behind(VECTOR, 0x52);

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

const ARITHMETIC = ["ceil", "floor", "trunc", "nearest", "sqrt", "add", "sub", "mul", "div", "min", "max"];

/** Instructions that can make a NaN of a number; the specification leaves its bits open, and V8 alone gives two answers. */
export const SCALAR_MAKERS: ReadonlyMap<Instruction, string> = new Map([
  ...ARITHMETIC.map((name, i): [Instruction, string] => [0x8d + i, `f32.${name}`]),
  ...ARITHMETIC.map((name, i): [Instruction, string] => [0x9b + i, `f64.${name}`]),
  [0xb6, "f32.demote_f64"],
  [0xbb, "f64.promote_f32"],
]);

interface VectorMaker {
  readonly name: string;
  readonly takes: "f32x4" | "f64x2";
  readonly gives: "f32x4" | "f64x2";
}

/** The same for lanes. pmin and pmax are not among them: they compare, and hand out one of their operands as it is. */
export const VECTOR_MAKERS: ReadonlyMap<Instruction, VectorMaker> = new Map([
  ...vectorMakers("f32x4", [0x67, 0x68, 0x69, 0x6a, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9]),
  ...vectorMakers("f64x2", [0x74, 0x75, 0x7a, 0x94, 0xef, 0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5]),
  [behind(VECTOR, 0x5e), { name: "f32x4.demote_f64x2_zero", takes: "f64x2", gives: "f32x4" }],
  [behind(VECTOR, 0x5f), { name: "f64x2.promote_low_f32x4", takes: "f32x4", gives: "f64x2" }],
]);

function vectorMakers(lanes: "f32x4" | "f64x2", opcodes: number[]): [Instruction, VectorMaker][] {
  return opcodes.map((opcode, i) => [
    behind(VECTOR, opcode),
    { name: `${lanes}.${ARITHMETIC[i]}`, takes: lanes, gives: lanes },
  ]);
}

/** What takes a vector for lanes of floats and does not see which NaN is in them: comparisons, conversions to integers. */
const VECTOR_BLIND: ReadonlyMap<Instruction, "f32x4" | "f64x2"> = new Map([
  ...[0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0xf8, 0xf9].map((code) => [behind(VECTOR, code), "f32x4"] as const),
  ...[0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0xfc, 0xfd].map((code) => [behind(VECTOR, code), "f64x2"] as const),
]);

/** The maker of a vector that is still open. */
interface OpenVector extends VectorMaker {
  readonly offset: number;
}

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
const FROM_INTEGERS: ReadonlySet<Instruction> = new Set([0xb2, 0xb3, 0xb4, 0xb5, 0xb7, 0xb8, 0xb9, 0xba]);

/** Steps of the sequence that closes a number; a vector's has one more. */
const NUMBER_STEPS = 6;
const VECTOR_STEPS = 7;

/** Follows a closing sequence, instruction by instruction. */
class Sequence {
  readonly #module: Uint8Array;
  readonly #among: readonly Lanes[];
  /** How many steps were taken, and from the second on, for which lanes. */
  steps = 0;
  lanes: Lanes;
  #local = 0;

  constructor(module: Uint8Array, among: readonly Lanes[]) {
    this.#module = module;
    this.#among = among;
    this.lanes = among[0]!;
  }

  /** Whether the instruction is the next step; if not, the sequence has to begin anew. */
  take(instruction: Instruction, operand: number, offset: number): boolean {
    const next = this.#isNext(instruction, operand, offset);
    this.steps = next ? this.steps + 1 : 0;
    return next;
  }

  #isNext(instruction: Instruction, operand: number, offset: number): boolean {
    switch (this.steps) {
      case 0:
        this.#local = operand;
        return instruction === LOCAL_TEE;
      case 1:
        return this.#isNan(offset);
      case 2:
      case 3:
        return instruction === LOCAL_GET && operand === this.#local;
      case 4:
        return instruction === CLOSING[this.lanes].equal;
      case 5:
        return instruction === CLOSING[this.lanes].choose;
      case 6:
        return CLOSING[this.lanes].choose === BITSELECT && instruction === LOCAL_TEE && operand === this.#local;
      default:
        return false;
    }
  }

  #isNan(offset: number): boolean {
    const lanes = this.#among.find((each) => CLOSING[each].nan.every((byte, i) => this.#module[offset + i] === byte));
    this.lanes = lanes ?? this.lanes;
    return lanes !== undefined;
  }
}

/** Watches the instructions of a module, function after function, and keeps its open sites. */
export class NanWatch {
  readonly #module: Uint8Array;
  readonly #view: DataView;
  readonly #numbers: OpenSite[] = [];
  readonly #vectors: OpenSite[] = [];
  readonly #number: Sequence;
  readonly #vector: Sequence;
  #index = 0;
  /** Whether any instruction of the module makes NaNs of numbers. */
  #makes = false;
  /** Whether the instruction before left a number that is no NaN. */
  #harmless = false;
  /** Who made the vector on top of the stack, until that is closed. */
  #open: OpenVector | undefined;

  constructor(module: Uint8Array) {
    this.#module = module;
    this.#view = new DataView(module.buffer, module.byteOffset, module.byteLength);
    this.#number = new Sequence(module, ["f32", "f64"]);
    this.#vector = new Sequence(module, ["f32x4", "f64x2"]);
  }

  /** The instructions of another function follow. */
  enter(index: number): void {
    this.#index = index;
    this.#number.steps = 0;
    this.#vector.steps = 0;
    this.#harmless = false;
    this.#open = undefined;
  }

  see(instruction: Instruction, operand: number, offset: number): void {
    if (this.#open !== undefined) this.#follow(this.#open, instruction, operand, offset);
    const maker = VECTOR_MAKERS.get(instruction);
    if (maker !== undefined) this.#open = { ...maker, offset };
    const observer = OBSERVERS.get(instruction);
    if (observer !== undefined) this.#observe(observer, offset);
    if (SCALAR_MAKERS.has(instruction)) this.#makes = true;
    // What breaks one sequence off may begin another.
    if (!this.#number.take(instruction, operand, offset)) this.#number.take(instruction, operand, offset);
    this.#harmless = FROM_INTEGERS.has(instruction) || this.#isNumber(instruction, offset);
  }

  /** Where only data and integers become numbers, whoever looks at them sees the same bits: then observers are no sites. */
  get sites(): readonly OpenSite[] {
    return this.#makes ? [...this.#numbers, ...this.#vectors] : this.#vectors;
  }

  #observe({ name, lanes }: Observer, offset: number): void {
    const closed = this.#number.steps === NUMBER_STEPS && this.#number.lanes === lanes;
    if (!closed && !this.#harmless) this.#numbers.push({ name, lanes, index: this.#index, offset, at: offset });
  }

  /** The instruction comes after an open vector, or in the sequence that closes it. */
  #follow(open: OpenVector, instruction: Instruction, operand: number, offset: number): void {
    const { name, gives: lanes, offset: made } = open;
    const first = this.#vector.steps === 0;
    const step = this.#vector.take(instruction, operand, offset);
    if (step && this.#vector.steps < VECTOR_STEPS) return;
    this.#open = undefined;
    this.#vector.steps = 0;
    const closed = step ? this.#vector.lanes === lanes : first && takes(instruction) === lanes;
    if (closed) return;
    const at = made + width(this.#module, made);
    this.#vectors.push({ name, lanes, index: this.#index, offset: made, at });
  }

  #isNumber(instruction: Instruction, offset: number): boolean {
    if (instruction === F32_CONST) return !Number.isNaN(this.#view.getFloat32(offset + 1, true));
    return instruction === F64_CONST && !Number.isNaN(this.#view.getFloat64(offset + 1, true));
  }
}

/** For which lanes an instruction takes its top operand, if it does not see which NaN is in them. */
function takes(instruction: Instruction): Lanes | undefined {
  return VECTOR_MAKERS.get(instruction)?.takes ?? VECTOR_BLIND.get(instruction);
}

/** Bytes of a maker: the prefix, and its number in LEB128. */
function width(module: Uint8Array, offset: number): number {
  let end = offset + 1;
  while (module[end]! >= 0x80) end++;
  return end + 1 - offset;
}
