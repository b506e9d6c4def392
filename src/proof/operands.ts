// How many operands a function has on its stack at most. An engine that calls another function keeps them all in memory.
//
// Types are what a valid module says they are, so only their number is followed. Code behind a branch that is always taken
// may pop what is not there; it never runs, and counts from the bottom of its block.
import type { ModuleShape } from "./binary.js";
import { LANE_OPERATIONS } from "./floats.js";
import {
  BRANCH_TABLE,
  behind,
  CALL,
  CALL_INDIRECT,
  DROP,
  END,
  GLOBAL_GET,
  GLOBAL_SET,
  type Instruction,
  LOCAL_GET,
  LOCAL_SET,
  LOCAL_TEE,
  MEMORY_GROW,
  NUMERIC,
  VECTOR,
} from "./opcodes.js";
import { BLOCK_EMPTY, BLOCK_ONE } from "./reader.js";
import { EFFECTS, type Effect, type Step } from "./vectors.js";

const [UNREACHABLE, NOP, BLOCK, LOOP, IF, ELSE] = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05];
const [BRANCH, BRANCH_IF, RETURN] = [0x0c, 0x0d, 0x0f];

/** What instructions take and leave that depend on no type of the module. */
export const ARITIES: ReadonlyMap<Instruction, Effect> = new Map([
  ...EFFECTS,
  ...[...LANE_OPERATIONS].map(([code, { operands }]): [Instruction, Effect] => [code, { pops: operands, pushes: 1 }]),
  ...arity(0, 0, [NOP]),
  ...arity(1, 0, [DROP, LOCAL_SET, GLOBAL_SET]),
  ...arity(0, 1, [LOCAL_GET, GLOBAL_GET, 0x3f, 0xd0, 0xd2]), // memory.size, ref.null, ref.func
  ...arity(1, 1, [LOCAL_TEE, MEMORY_GROW, 0x25, 0xd1, ...range(0xc0, 0xc4)]), // table.get, ref.is_null, sign extensions
  ...arity(2, 0, [0x26]), // table.set
  ...arity(3, 1, [0x1c]), // select with types
  ...arity(1, 1, [0x50, ...range(0x67, 0x69), ...range(0x79, 0x7b)]), // i64.eqz, and counts of bits
  ...arity(2, 1, [...range(0x51, 0x5a), ...range(0x7c, 0x8a)]), // comparisons and arithmetic of i64
  ...arity(1, 1, range(0, 7).map(numeric)), // saturating conversions
  ...arity(3, 0, [8, 10, 11, 12, 14, 17].map(numeric)), // memory.init copy fill, table.init copy fill
  ...arity(0, 0, [9, 13].map(numeric)), // data.drop, elem.drop
  ...arity(2, 1, [15].map(numeric)), // table.grow
  ...arity(0, 1, [16].map(numeric)), // table.size
  ...arity(2, 1, [0x0d, 0x0e].map(vector)), // shuffle, swizzle
  ...arity(1, 1, [0x15, 0x16, 0x18, 0x19, 0x1b, 0x1d].map(vector)), // extract_lane of integers
  ...arity(2, 1, [0x17, 0x1a, 0x1c, 0x1e, 0x20, 0x22].map(vector)), // replace_lane
  ...arity(2, 1, range(0x23, 0x40).map(vector)), // comparisons of integers
  ...arity(1, 1, [0x4d, 0x53].map(vector)), // not, any_true
  ...arity(2, 1, range(0x54, 0x57).map(vector)), // loads of a lane
  ...arity(2, 0, range(0x58, 0x5b).map(vector)), // stores of a lane
  ...arity(1, 1, [0x60, 0x61, 0x62, 0x63, 0x64, ...range(0x7c, 0x81), ...range(0x83, 0x84)].map(vector)),
  ...arity(1, 1, [...range(0x87, 0x8a), 0xa0, 0xa1, 0xa3, 0xa4, ...range(0xa7, 0xaa)].map(vector)),
  ...arity(1, 1, [0xc0, 0xc1, 0xc3, 0xc4, ...range(0xc7, 0xca), 0xfa, 0xfb, 0xfe, 0xff].map(vector)),
  ...arity(2, 1, [0x65, 0x66, ...range(0x6b, 0x73), ...range(0x76, 0x79), 0x7b, 0x82, 0x85, 0x86].map(vector)),
  ...arity(2, 1, [...range(0x8b, 0x93), ...range(0x95, 0x99), ...range(0x9b, 0x9f)].map(vector)),
  ...arity(2, 1, [...range(0xab, 0xae), 0xb1, ...range(0xb5, 0xba), ...range(0xbc, 0xbf)].map(vector)),
  ...arity(2, 1, [...range(0xcb, 0xce), 0xd1, ...range(0xd5, 0xdf)].map(vector)),
]);

function arity(pops: number, pushes: number, instructions: readonly Instruction[]): [Instruction, Effect][] {
  return instructions.map((instruction) => [instruction, { pops, pushes }]);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function numeric(opcode: number): Instruction {
  return behind(NUMERIC, opcode);
}

function vector(opcode: number): Instruction {
  return behind(VECTOR, opcode);
}

interface Block {
  /** Operands below the block's own. */
  readonly base: number;
  readonly params: number;
  readonly results: number;
}

/** The most operands that a function defined here has at once, whose instructions these are. */
export function operandsOf(module: ModuleShape, index: number, code: readonly Step[]): number {
  const heights = new Heights(module, module.functions[index]!);
  for (const step of code) heights.see(step);
  return heights.most;
}

class Heights {
  most = 0;
  readonly #module: ModuleShape;
  readonly #blocks: Block[] = [];
  #height = 0;

  constructor(module: ModuleShape, type: number) {
    this.#module = module;
    this.#blocks.push({ base: 0, params: 0, results: module.types[type]?.results ?? 0 });
  }

  see({ instruction, operand }: Step): void {
    switch (instruction) {
      case IF:
      case BLOCK:
      case LOOP:
        if (instruction === IF) this.#change({ pops: 1, pushes: 0 });
        this.#open(operand);
        return;
      case ELSE:
        this.#height = this.#base + (this.#blocks.at(-1)?.params ?? 0);
        return;
      case END:
        this.#height = this.#base + (this.#blocks.pop()?.results ?? 0);
        return;
      case BRANCH:
      case BRANCH_TABLE:
      case RETURN:
      case UNREACHABLE:
        this.#height = this.#base;
        return;
      case BRANCH_IF:
        this.#change({ pops: 1, pushes: 0 });
        return;
      case CALL:
        this.#call(this.#module.functions[operand - this.#module.importedFunctions]);
        return;
      case CALL_INDIRECT:
        this.#change({ pops: 1, pushes: 0 });
        this.#call(operand);
        return;
      default:
        this.#change(ARITIES.get(instruction) ?? { pops: 0, pushes: 1 });
    }
  }

  get #base(): number {
    return this.#blocks.at(-1)?.base ?? 0;
  }

  #open(type: number): void {
    const known = this.#module.types[type];
    const params = known?.params ?? 0;
    const results = type === BLOCK_ONE ? 1 : type === BLOCK_EMPTY ? 0 : (known?.results ?? 0);
    this.#blocks.push({ base: Math.max(this.#base, this.#height - params), params, results });
  }

  #call(type: number | undefined): void {
    const { params = 0, results = 0 } = this.#module.types[type ?? -1] ?? {};
    this.#change({ pops: params, pushes: results });
  }

  #change({ pops, pushes }: Effect): void {
    this.#height = Math.max(this.#base, this.#height - pops) + pushes;
    if (this.#height > this.most) this.most = this.#height;
  }
}
