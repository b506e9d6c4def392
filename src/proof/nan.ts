// Where a machine would show which bits it chose for a NaN: the instructions that see them, and the sequence that closes each.
//
// Call two floats alike when they are equal bit for bit, or both NaN. The claim, by induction over the instructions: two
// machines that run a module without open sites agree on everything, bit for bit, but for f32 and f64 on the operand
// stack, in locals, parameters, results and globals, which are alike, and for some vectors on the stack and in locals,
// whose lanes are.
//   - Arithmetic takes alike to alike: a NaN in gives a NaN out, for all of it, min, max and promotion included.
//   - Comparisons, conversions to integers (a trap or 0 for a NaN) and branches do not see which NaN it is. `select`,
//     calls, locals and globals only carry a value. abs and neg change the sign of what stays a NaN.
//   - Loads, constants and extracted lanes are data: the same bits everywhere, whatever NaN a stranger put there.
//   - That leaves the observers: stores, reinterpretations, the sign that copysign takes, and a number that enters a vector.
//     Before each stands the sequence `tee t · const NaN · get t · get t · eq · select`, whose result is x, or the
//     canonical NaN where x is none. Its instructions follow each other without `end`, `else` or `loop` between them, and
//     only there may a branch land: so whoever reaches the observer has run all of them, on the operand it takes.
// So nothing needs to be known about where numbers go. Vectors are seen bit by bit by most instructions, and one of f32x4
// looks different as f64x2, so each function's are followed (vectors.ts): those that are alike lane by lane, and not equal,
// only go through instructions that treat lanes of that width as above. Before anything else they are closed by the same
// sequence with bitselect. It ends with another `tee t`, so that the local does not keep the open value either; memory,
// globals, parameters and results only ever get closed ones. What cannot be recognised is open, and refused.
import { CLOSING, FROM_INTEGERS, LANE_OPERATIONS, type Lanes, OBSERVERS, SCALAR_MAKERS } from "./floats.js";
import { type Instruction, LOCAL_GET, LOCAL_TEE } from "./opcodes.js";
import { followVectors, type Step } from "./vectors.js";

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

const F32_CONST: Instruction = 0x43;
const F64_CONST: Instruction = 0x44;

/** Steps of the sequence that closes a number. */
const STEPS = 6;

/** Follows the closing sequence of a number, instruction by instruction. */
class Sequence {
  readonly #module: Uint8Array;
  /** How many steps were taken, and from the second on, for which type. */
  steps = 0;
  lanes: "f32" | "f64" = "f32";
  #local = 0;

  constructor(module: Uint8Array) {
    this.#module = module;
  }

  see(instruction: Instruction, operand: number, offset: number): void {
    // What breaks one sequence off may begin another.
    this.steps = this.#isNext(instruction, operand, offset) ? this.steps + 1 : instruction === LOCAL_TEE ? 1 : 0;
    if (this.steps === 1) this.#local = operand;
  }

  #isNext(instruction: Instruction, operand: number, offset: number): boolean {
    switch (this.steps) {
      case 1:
        return (
          (instruction === F32_CONST && this.#isNan("f32", offset)) ||
          (instruction === F64_CONST && this.#isNan("f64", offset))
        );
      case 2:
      case 3:
        return instruction === LOCAL_GET && operand === this.#local;
      case 4:
        return instruction === CLOSING[this.lanes].equal;
      case 5:
        return instruction === CLOSING[this.lanes].choose;
      default:
        return false;
    }
  }

  #isNan(lanes: "f32" | "f64", offset: number): boolean {
    this.lanes = lanes;
    return CLOSING[lanes].nan.every((byte, i) => this.#module[offset + i] === byte);
  }
}

/** Watches the instructions of a module, function after function, and keeps its open sites. */
export class NanWatch {
  readonly #module: Uint8Array;
  readonly #view: DataView;
  readonly #numbers: OpenSite[] = [];
  readonly #vectors: OpenSite[] = [];
  #sequence: Sequence;
  #index = 0;
  #code: readonly Step[] = [];
  /** Whether any instruction of the module makes NaNs of numbers, or any of the function, of vectors. */
  #makesNumbers = false;
  #makesVectors = false;
  /** Whether the instruction before left a number that is no NaN. */
  #harmless = false;

  constructor(module: Uint8Array) {
    this.#module = module;
    this.#view = new DataView(module.buffer, module.byteOffset, module.byteLength);
    this.#sequence = new Sequence(module);
  }

  /** The instructions of another function follow, and are then in `code`. */
  enter(index: number, code: readonly Step[]): void {
    this.#leave();
    this.#index = index;
    this.#code = code;
    this.#sequence = new Sequence(this.#module);
    this.#harmless = false;
  }

  see({ instruction, operand, offset }: Step): void {
    if (LANE_OPERATIONS.get(instruction)?.gives === "open") this.#makesVectors = true;
    const observer = OBSERVERS.get(instruction);
    if (observer !== undefined) {
      const closed = this.#sequence.steps === STEPS && this.#sequence.lanes === observer.lanes;
      if (!closed && !this.#harmless) this.#numbers.push({ ...observer, index: this.#index, offset, at: offset });
    }
    if (SCALAR_MAKERS.has(instruction)) this.#makesNumbers = true;
    this.#sequence.see(instruction, operand, offset);
    this.#harmless = FROM_INTEGERS.has(instruction) || this.#isNumber(instruction, offset);
  }

  /** Where only data and integers become numbers, whoever looks at them sees the same bits: then observers are no sites. */
  get sites(): readonly OpenSite[] {
    this.#leave();
    return this.#makesNumbers ? [...this.#numbers, ...this.#vectors] : this.#vectors;
  }

  /** The function is complete: its vectors can be followed. */
  #leave(): void {
    const code = this.#code;
    if (this.#makesVectors) {
      const { sites, numbers } = followVectors(this.#module, code);
      this.#makesNumbers ||= numbers;
      for (const [place, { name, lanes }] of sites) {
        const { offset } = code[place]!;
        this.#vectors.push({ name, lanes, index: this.#index, offset, at: code[place + 1]?.offset ?? offset });
      }
    }
    this.#makesVectors = false;
  }

  #isNumber(instruction: Instruction, offset: number): boolean {
    if (instruction === F32_CONST) return !Number.isNaN(this.#view.getFloat32(offset + 1, true));
    return instruction === F64_CONST && !Number.isNaN(this.#view.getFloat64(offset + 1, true));
  }
}
