// A module that runs every float instruction of the profile on its inputs, each into sixteen bytes of its own.
import { DISPUTED } from "../../src/proof/opcodes.js";
import { canonical } from "../../src/toolchain/canonical.js";
import { assemble, leb } from "../proof/module.js";
import type { Run } from "./play.js";

export const PIECE_BYTES = 16;

/** Two vectors for each of two players, but only the first one's are used. */
const [CONFIG, EVENTS, INPUTS, STATE] = [0, 32, 64, 1024];
const CELL_HEADER = 8;
const STRIDE = CELL_HEADER + 2 * 16;

type Type = "i32" | "i64" | "f32" | "f64" | "v128";

const LOAD: Readonly<Record<Type, number[]>> = { i32: [0x28], i64: [0x29], f32: [0x2a], f64: [0x2b], v128: [0xfd, 0] };
const STORE: Readonly<Record<Type, number[]>> = {
  i32: [0x36],
  i64: [0x37],
  f32: [0x38],
  f64: [0x39],
  v128: [0xfd, 11],
};

interface Tried {
  readonly name: string;
  readonly code: number[];
  readonly takes: readonly Type[];
  readonly gives: Type;
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const hex = (code: number) => code.toString(16).padStart(2, "0");

function plain(first: number, last: number, takes: readonly Type[], gives: Type): Tried[] {
  return range(first, last).map((code) => ({ name: hex(code), code: [code], takes, gives }));
}

function behindPrefix(prefix: number, codes: readonly number[], takes: readonly Type[], gives: Type): Tried[] {
  return codes
    .filter((code) => !DISPUTED.has(prefix * 0x10000 + code))
    .map((code) => ({ name: `${hex(prefix)} ${hex(code)}`, code: [prefix, ...leb(code)], takes, gives }));
}

/** From the specification's tables of opcodes. What traps for a NaN has a saturating twin, which is here instead. */
export const INSTRUCTIONS: readonly Tried[] = [
  ...plain(0x5b, 0x60, ["f32", "f32"], "i32"),
  ...plain(0x61, 0x66, ["f64", "f64"], "i32"),
  ...plain(0x8b, 0x91, ["f32"], "f32"),
  ...plain(0x92, 0x98, ["f32", "f32"], "f32"),
  ...plain(0x99, 0x9f, ["f64"], "f64"),
  ...plain(0xa0, 0xa6, ["f64", "f64"], "f64"),
  ...plain(0xb2, 0xb3, ["i32"], "f32"),
  ...plain(0xb4, 0xb5, ["i64"], "f32"),
  ...plain(0xb6, 0xb6, ["f64"], "f32"),
  ...plain(0xb7, 0xb8, ["i32"], "f64"),
  ...plain(0xb9, 0xba, ["i64"], "f64"),
  ...plain(0xbb, 0xbb, ["f32"], "f64"),
  ...plain(0xbc, 0xbc, ["f32"], "i32"),
  ...plain(0xbd, 0xbd, ["f64"], "i64"),
  ...plain(0xbe, 0xbe, ["i32"], "f32"),
  ...plain(0xbf, 0xbf, ["i64"], "f64"),
  ...behindPrefix(0xfc, [0, 1], ["f32"], "i32"),
  ...behindPrefix(0xfc, [2, 3], ["f64"], "i32"),
  ...behindPrefix(0xfc, [4, 5], ["f32"], "i64"),
  ...behindPrefix(0xfc, [6, 7], ["f64"], "i64"),
  ...behindPrefix(0xfd, [0x13], ["f32"], "v128"),
  ...behindPrefix(0xfd, [0x14], ["f64"], "v128"),
  ...behindPrefix(0xfd, range(0x41, 0x4c), ["v128", "v128"], "v128"),
  ...behindPrefix(0xfd, [0x5e, 0x5f, ...range(0x67, 0x6a), 0x74, 0x75, 0x7a, 0x94], ["v128"], "v128"),
  ...behindPrefix(0xfd, [0xe0, 0xe1, 0xe3, 0xec, 0xed, 0xef, ...range(0xf8, 0xff)], ["v128"], "v128"),
  ...behindPrefix(0xfd, [...range(0xe4, 0xeb), ...range(0xf0, 0xf7)], ["v128", "v128"], "v128"),
];

/** As the toolchain would leave it. */
export function instructionsModule(): Uint8Array {
  const step = INSTRUCTIONS.flatMap(({ code, takes, gives }, index) => [
    ...constant(STATE + PIECE_BYTES * index),
    ...takes.flatMap((type, i) => [...constant(INPUTS + CELL_HEADER + 16 * i), ...LOAD[type], 0, 0]),
    ...code,
    ...[...STORE[gives], 0, 0],
  ]);
  return canonical(assemble({ step })).wasm;
}

export const INSTRUCTIONS_REGIONS: Run["regions"] = {
  state: { address: STATE, size: PIECE_BYTES * INSTRUCTIONS.length },
  config: { address: CONFIG },
  inputs: { address: INPUTS, stride: STRIDE },
  events: { address: EVENTS },
};

/** `i32.const`, whose operand is signed: one more bit than the address has. */
function constant(value: number): number[] {
  return [0x41, (value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, value >> 14];
}
