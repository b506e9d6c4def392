// Finds the instructions on which engines disagree when they know an operand beforehand, although the specification leaves no doubt.
//
//   v128.bitselect   SpiderMonkey 102 takes the other side for each byte of a mask that its optimiser knows, and a mask may
//                    become known to it through locals. The sequence that closes a vector (nan.ts) compares what was just
//                    computed, which no compiler knows in advance; every other bitselect is disputed.
//   i32.shr_u        JavaScriptCore's baseline compiler answers 0 where it knows both operands and the count is 32 or
//                    more. It knows constants and what is computed of them on the operand stack, but no local.
//   copysign         The same compiler gives 0 and a NaN no negative sign that is a constant, unless it knows the other
//                    operand too.
//
// The toolchain writes them otherwise, so only a module that did not come through it is refused. test/engines compares all
// the other instructions, of constants, locals and memory.
import { BITSELECT, CLOSING } from "./floats.js";
import {
  DROP,
  I32_AND,
  I32_CONST,
  type Instruction,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  SELECT,
  VECTOR_CONST,
} from "./opcodes.js";
import { EFFECTS, type Step } from "./vectors.js";

export interface DisputedSite {
  readonly name: "v128.bitselect" | "i32.shr_u" | "f32.copysign" | "f64.copysign";
  /** Of the function, among those defined in the module. */
  readonly index: number;
  readonly offset: number;
  /** Where the next instruction begins. */
  readonly end: number;
}

const SHIFT_RIGHT: Instruction = 0x76;
const COPYSIGNS: ReadonlyMap<Instruction, "f32.copysign" | "f64.copysign"> = new Map([
  [0x98, "f32.copysign"],
  [0xa6, "f64.copysign"],
]);
/** Counts of a shift are taken modulo this. */
const I32_BITS = 32;
const LOADS: readonly [first: Instruction, last: Instruction] = [0x28, 0x35];

/** Between the start of a vector's closing sequence and its bitselect. */
const STEPS_BEFORE = 5;

/** What an engine may know of a number when it compiles: nothing, that it is constant, or a count that is no trouble. */
type Known = "no" | "constant" | "small";

/** Watches the instructions of a module, function after function. */
export class DisputeWatch {
  readonly sites: DisputedSite[] = [];
  readonly #module: Uint8Array;
  #index = 0;
  #code: readonly Step[] = [];
  /** Of the operand stack, the top as far as it is known. Whatever lies below may be a constant. */
  #stack: Known[] = [];
  readonly #taken: Known[] = [];
  /** Found, while its end is not seen. */
  #found: DisputedSite["name"] | undefined;
  #foundAt = 0;

  constructor(module: Uint8Array) {
    this.#module = module;
  }

  /** The instructions of another function follow; those that were seen are in `code`. */
  enter(index: number, code: readonly Step[]): void {
    this.#index = index;
    this.#code = code;
    this.#stack = [];
    this.#found = undefined;
  }

  see({ instruction, offset }: Step): void {
    if (this.#found !== undefined)
      this.sites.push({ name: this.#found, index: this.#index, offset: this.#foundAt, end: offset });
    this.#found = this.#disputed(instruction);
    this.#foundAt = offset;
    this.#follow(instruction, offset);
  }

  #disputed(instruction: Instruction): DisputedSite["name"] | undefined {
    if (instruction === BITSELECT && !this.#closes()) return "v128.bitselect";
    const top = this.#stack.at(-1) ?? "constant";
    const below = this.#stack.at(-2) ?? "constant";
    if (instruction === SHIFT_RIGHT) return top === "constant" && below !== "no" ? "i32.shr_u" : undefined;
    return top === "no" ? undefined : COPYSIGNS.get(instruction);
  }

  /** Whether `tee t · const NaN · get t · get t · eq` stands before this bitselect. */
  #closes(): boolean {
    const [tee, nan, one, other, equal] = this.#code.slice(-STEPS_BEFORE);
    if (tee?.instruction !== LOCAL_TEE || nan?.instruction !== VECTOR_CONST) return false;
    const gets = [one, other].every((each) => each?.instruction === LOCAL_GET && each.operand === tee.operand);
    const lanes = (["f32x4", "f64x2"] as const).find((each) => CLOSING[each].equal === equal?.instruction);
    if (!gets || lanes === undefined) return false;
    return CLOSING[lanes].nan.every((byte, i) => this.#module[nan.offset + i] === byte);
  }

  #follow(instruction: Instruction, offset: number): void {
    const effect = EFFECTS.get(instruction);
    if (instruction === LOCAL_GET) this.#stack.push("no");
    else if (instruction === LOCAL_SET || instruction === DROP) this.#stack.pop();
    // The signed number of an i32.const below 32 is one byte, or a longer one that nobody writes.
    else if (instruction === I32_CONST) this.#stack.push(this.#module[offset + 1]! < I32_BITS ? "small" : "constant");
    else if (effect !== undefined) {
      this.#taken.length = 0;
      for (let i = 0; i < effect.pops; i++) this.#taken.push(this.#stack.pop() ?? "constant");
      if (effect.pushes === 1) this.#stack.push(resultOf(instruction, this.#taken));
    } else if (instruction !== LOCAL_TEE) this.#stack = [];
  }
}

/** One side of a select is known where its condition is, which comes off the stack first; what a small one masks is small. */
function resultOf(instruction: Instruction, taken: readonly Known[]): Known {
  if (instruction >= LOADS[0] && instruction <= LOADS[1]) return "no";
  const isKnown = (each: Known) => each !== "no";
  if (instruction === SELECT) return isKnown(taken[0]!) ? "constant" : "no";
  if (!taken.every(isKnown)) return "no";
  return instruction === I32_AND && taken.includes("small") ? "small" : "constant";
}
