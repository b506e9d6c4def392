// Follows vectors that may hold an open NaN through one function, from where they are made to where their bits are seen.
//
// Such a vector may lie on the operand stack and in locals (nan.ts says why), and it is followed as far as that is simple:
// through instructions that take it lane by lane, as floats of its own width. All others see it, so then it has to be closed,
// directly behind the instruction that put it on the stack. Of the stack only the top is known, down to where something
// else than the tables here worked on it. What is not in them, each block, branch and call, sees all that is known, and
// leaves nothing known: so below what is known nothing is open. A local that ever takes an open vector gives an open one
// wherever it is read.
import { BITSELECT, CLOSING, LANE_OPERATIONS, type LaneOperation, type VectorLanes } from "./floats.js";
import {
  behind,
  DROP,
  type Instruction,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  SELECT,
  VECTOR,
  VECTOR_CONST,
} from "./opcodes.js";

/** One instruction of a body. */
export interface Step {
  readonly instruction: Instruction;
  readonly operand: number;
  readonly offset: number;
}

interface Open {
  /** Who made it, for the message. */
  readonly name: string;
  readonly lanes: VectorLanes;
}

/** A vector on the stack, with the place in the code of the instruction that put it there. */
interface OnStack extends Open {
  readonly place: number;
}

/** Steps of a vector's closing sequence. */
const STEPS = 7;

/** Locals become known as open from pass to pass. After so many, whatever would open another is closed instead. */
const PASSES_MAX = 8;

export interface Effect {
  readonly pops: number;
  readonly pushes: number;
}

/** What else is between vectors: numbers, addresses, loads, stores, splats, integer lanes. All of them see what they pop. */
export const EFFECTS: ReadonlyMap<Instruction, Effect> = new Map([
  ...effects(0, 1, [0x41, 0x42, 0x43, 0x44]), // constants
  ...effects(3, 1, [SELECT, BITSELECT]),
  ...effects(1, 1, range(0x28, 0x35)), // loads
  ...effects(2, 0, range(0x36, 0x3e)), // stores
  ...effects(2, 1, [...range(0x46, 0x4f), ...range(0x5b, 0x66)]), // comparisons
  ...effects(2, 1, [...range(0x6a, 0x78), ...range(0x92, 0x98), ...range(0xa0, 0xa6)]), // arithmetic
  ...effects(1, 1, [0x45, ...range(0x8b, 0x91), ...range(0x99, 0x9f), ...range(0xa7, 0xbf)]), // of one, and conversions
  ...effects(0, 1, [VECTOR_CONST]),
  ...effects(1, 1, [...range(0x00, 0x0a), 0x5c, 0x5d].map(lanes)), // vector loads
  ...effects(2, 0, [0x0b].map(lanes)), // v128.store
  ...effects(1, 1, range(0x0f, 0x14).map(lanes)), // splats
  ...effects(2, 1, [...range(0x4e, 0x51), 0xae, 0xb1].map(lanes)), // and, andnot, or, xor, i32x4.add, i32x4.sub
]);

function effects(pops: number, pushes: number, instructions: readonly Instruction[]): [Instruction, Effect][] {
  return instructions.map((instruction) => [instruction, { pops, pushes }]);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function lanes(opcode: number): Instruction {
  return behind(VECTOR, opcode);
}

export interface Followed {
  /** What has to be closed, by the place of the instruction that it has to be closed behind. */
  readonly sites: ReadonlyMap<number, Open>;
  /** Whether a lane that may be an open NaN becomes a number. */
  readonly numbers: boolean;
}

export function followVectors(module: Uint8Array, code: readonly Step[]): Followed {
  const locals = new Map<number, Open>();
  for (let passes = 1; ; passes++) {
    const known = locals.size;
    const walk = new Walk(module, code, locals, passes < PASSES_MAX);
    walk.run();
    if (locals.size === known) return walk;
  }
}

/** Once through the code. */
class Walk implements Followed {
  readonly sites: Map<number, Open> = new Map();
  numbers = false;
  readonly #module: Uint8Array;
  readonly #code: readonly Step[];
  readonly #locals: Map<number, Open>;
  readonly #mayOpen: boolean;
  #stack: (OnStack | undefined)[] = [];

  constructor(module: Uint8Array, code: readonly Step[], locals: Map<number, Open>, mayOpen: boolean) {
    this.#module = module;
    this.#code = code;
    this.#locals = locals;
    this.#mayOpen = mayOpen;
  }

  run(): void {
    for (let place = 0; place < this.#code.length; place++) {
      const closed = this.#closes(place);
      if (closed === undefined) this.#step(this.#code[place]!, place);
      else {
        const top = this.#stack.pop();
        if (top?.lanes !== closed) this.#seen(top);
        this.#stack.push(undefined);
        place += STEPS - 1;
      }
    }
  }

  #step({ instruction, operand }: Step, place: number): void {
    const operation = LANE_OPERATIONS.get(instruction);
    const effect = EFFECTS.get(instruction);
    if (operation !== undefined) this.#operate(operation, place);
    else if (instruction === LOCAL_GET) this.#push(this.#locals.get(operand), place);
    else if (instruction === LOCAL_SET) this.#keep(operand);
    else if (instruction === LOCAL_TEE) this.#push(this.#keep(operand), place);
    else if (instruction === DROP) this.#stack.pop();
    else if (effect !== undefined) {
      for (let i = 0; i < effect.pops; i++) this.#seen(this.#stack.pop());
      if (effect.pushes === 1) this.#stack.push(undefined);
    } else {
      for (const each of this.#stack) this.#seen(each);
      this.#stack = [];
    }
  }

  #operate({ name, takes, operands, gives, lanes: given }: LaneOperation, place: number): void {
    let open: Open | undefined;
    for (let i = 0; i < operands; i++) {
      const taken = this.#stack.pop();
      if (taken?.lanes === takes) open = taken;
      else this.#seen(taken);
    }
    if (gives === "number" && open !== undefined) this.numbers = true;
    if (gives === "open") this.#push({ name, lanes: given }, place);
    else this.#push(gives === "same" ? open : undefined, place);
  }

  /** A local takes the top of the stack. Answers what it has taken, if that is open. */
  #keep(local: number): Open | undefined {
    const top = this.#stack.pop();
    if (top === undefined) return undefined;
    if (!this.#locals.has(local) && this.#mayOpen) this.#locals.set(local, { name: top.name, lanes: top.lanes });
    if (this.#locals.get(local)?.lanes === top.lanes) return top;
    this.#seen(top);
    return undefined;
  }

  #push(open: Open | undefined, place: number): void {
    this.#stack.push(open && { name: open.name, lanes: open.lanes, place });
  }

  #seen(vector: OnStack | undefined): void {
    if (vector !== undefined) this.sites.set(vector.place, vector);
  }

  /** The lanes that a sequence which begins here closes, if one does. */
  #closes(place: number): VectorLanes | undefined {
    const first = this.#code[place]!;
    if (first.instruction !== LOCAL_TEE) return;
    const [nan, one, other, equal, choose, last] = this.#code.slice(place + 1, place + STEPS);
    if (last?.instruction !== LOCAL_TEE || last.operand !== first.operand) return;
    if (one?.instruction !== LOCAL_GET || one.operand !== first.operand) return;
    if (other?.instruction !== LOCAL_GET || other.operand !== first.operand) return;
    if (nan?.instruction !== VECTOR_CONST || choose?.instruction !== BITSELECT) return;
    const offset = nan.offset;
    return (["f32x4", "f64x2"] as const).find(
      (each) =>
        equal?.instruction === CLOSING[each].equal &&
        CLOSING[each].nan.every((byte, i) => this.#module[offset + i] === byte),
    );
  }
}
