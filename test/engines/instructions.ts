// Modules that run every instruction of the profile, on their inputs and on what a compiler knows beforehand.
// Each result has sixteen bytes of its own. Of inputs only the instructions of floats are run.
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

const VV: readonly Type[] = ["v128", "v128"];

/** What works on integers alone, or chooses bits. */
const INTEGERS: readonly Tried[] = [
  ...[...plain(0x45, 0x45, ["i32"], "i32"), ...plain(0x46, 0x4f, ["i32", "i32"], "i32")],
  ...[...plain(0x50, 0x50, ["i64"], "i32"), ...plain(0x51, 0x5a, ["i64", "i64"], "i32")],
  ...[...plain(0x67, 0x69, ["i32"], "i32"), ...plain(0x6a, 0x78, ["i32", "i32"], "i32")],
  ...[...plain(0x79, 0x7b, ["i64"], "i64"), ...plain(0x7c, 0x8a, ["i64", "i64"], "i64")],
  ...[...plain(0xa7, 0xa7, ["i64"], "i32"), ...plain(0xac, 0xad, ["i32"], "i64")],
  ...[...plain(0xc0, 0xc1, ["i32"], "i32"), ...plain(0xc2, 0xc4, ["i64"], "i64")],
  ...behindPrefix(0xfd, [0x0f, 0x10, 0x11], ["i32"], "v128"),
  ...behindPrefix(0xfd, [0x12], ["i64"], "v128"),
  ...behindPrefix(0xfd, [0x0e, ...range(0x23, 0x40), ...range(0x4e, 0x51)], VV, "v128"),
  ...behindPrefix(0xfd, [0x65, 0x66, ...range(0x6e, 0x73), ...range(0x76, 0x79), 0x7b], VV, "v128"),
  ...behindPrefix(0xfd, [0x82, 0x85, 0x86, ...range(0x8e, 0x93), ...range(0x95, 0x99)], VV, "v128"),
  ...behindPrefix(0xfd, [...range(0x9b, 0x9f), 0xae, 0xb1, ...range(0xb5, 0xba), ...range(0xbc, 0xbf)], VV, "v128"),
  ...behindPrefix(0xfd, [0xce, 0xd1, ...range(0xd5, 0xdf)], VV, "v128"),
  ...behindPrefix(
    0xfd,
    [0x4d, 0x60, 0x61, 0x62, ...range(0x7c, 0x7f), 0x80, 0x81, ...range(0x87, 0x8a)],
    ["v128"],
    "v128",
  ),
  ...behindPrefix(0xfd, [0xa0, 0xa1, ...range(0xa7, 0xaa), 0xc0, 0xc1, ...range(0xc7, 0xca)], ["v128"], "v128"),
  ...behindPrefix(0xfd, [0x53, 0x63, 0x64, 0x83, 0x84, 0xa3, 0xa4, 0xc3, 0xc4], ["v128"], "i32"),
  ...behindPrefix(0xfd, [...range(0x6b, 0x6d), ...range(0x8b, 0x8d)], ["v128", "i32"], "v128"),
  ...behindPrefix(0xfd, [...range(0xab, 0xad), ...range(0xcb, 0xcd)], ["v128", "i32"], "v128"),
  ...behindPrefix(0xfd, [0x52], ["v128", "v128", "v128"], "v128"),
];

type Bytes = readonly number[];
const f32 = (value: number): Bytes => [...new Uint8Array(new Float32Array([value]).buffer)];
const f64 = (value: number): Bytes => [...new Uint8Array(new Float64Array([value]).buffer)];
const v128 = (byteAt: (i: number) => number): Bytes => Array.from({ length: 16 }, (_, i) => byteAt(i) & 255);

/** Numbers of which a compiler may compute with beforehand: counts beyond a type's bits, masks of whole bytes and lanes. */
const CONSTANTS: Readonly<Record<Type, readonly Bytes[]>> = {
  i32: [[0x6e], [0x21], [0x07], [0xe6, 0x7f], [0xff, 0xff, 0xff, 0xff, 0x07]].map((each) => [0x41, ...each]),
  i64: [[0x6e], [0xc1, 0x00], [0x07], [0xe6, 0x7f], [0x21]].map((each) => [0x42, ...each]),
  f32: [-0, 2.5, Number.NaN, Number.POSITIVE_INFINITY, -7.25].map((each) => [0x43, ...f32(each)]),
  f64: [-0, 2.5, Number.NaN, Number.POSITIVE_INFINITY, -7.25].map((each) => [0x44, ...f64(each)]),
  v128: [
    v128((i) => 37 * i + 129),
    v128((i) => 91 * i + 7),
    v128((i) => (i & 4 ? 0 : 255)),
    v128((i) => (i & 1 ? 0 : 255)),
    v128(() => 255),
    v128(() => 0),
  ].map((each) => [0xfd, 12, ...each]),
};

/** `i32.const -18 · i32.const 25 · i32.const 8 · i32.add · i32.shr_u`: a count that a compiler computes. */
const COMPUTED: Tried = {
  name: "a computed shift",
  code: [0x41, 0x19, 0x41, 0x08, 0x6a, 0x76],
  takes: ["i32"],
  gives: "i32",
};

const KNOWN: readonly Tried[] = [...INSTRUCTIONS, ...INTEGERS, COMPUTED];
const DIVISIONS: ReadonlySet<number> = new Set([...range(0x6d, 0x70), ...range(0x7f, 0x82)]);

/** Every function of the module has one of each, which is zero: the first is the i32. */
const LOCALS: readonly Type[] = ["i32", "i64", "f32", "f64", "v128"];
const LOCAL_GROUPS = [0x7e, 0x7d, 0x7c, 0x7b].map((type) => [1, type]);

/** Where the operands of an instruction come from. */
type Operand = (type: Type, i: number, count: number) => Bytes;

const fromMemory: Operand = (type, i) => [...constant(INPUTS + CELL_HEADER + 16 * (i % 2)), ...LOAD[type], 0, 0];
const fromLocals: Operand = (type) => [0x20, LOCALS.indexOf(type)];
const fromConstants =
  (first: number): Operand =>
  (type, i) =>
    CONSTANTS[type][(first + i) % CONSTANTS[type].length]!;
/** Only the last is known: a mask, a count. */
const lastOf =
  (known: Operand): Operand =>
  (type, i, count) =>
    (i === count - 1 ? known : fromMemory)(type, i, count);

function tried({ code, takes, gives }: Tried, operand: Operand, place: number): number[] {
  return [
    ...constant(STATE + PIECE_BYTES * place),
    ...takes.flatMap((type, i) => operand(type, i, takes.length)),
    ...code,
    ...[...STORE[gives], 0, 0],
  ];
}

/** As the toolchain would leave it. */
export function instructionsModule(): Uint8Array {
  return canonical(assemble({ step: INSTRUCTIONS.flatMap((each, place) => tried(each, fromMemory, place)) })).wasm;
}

/** Which operands of an instruction are known, in each of its pieces. */
const KNOWN_OPERANDS: readonly (readonly [name: string, operand: Operand])[] = [
  ...range(0, 4).map((first): [string, Operand] => [`constants ${first}`, fromConstants(first)]),
  ...range(0, 5).map((first): [string, Operand] => [`a last constant ${first}`, lastOf(fromConstants(first))]),
  ["zero locals", fromLocals],
  ["a last zero local", lastOf(fromLocals)],
];

/** A piece of the state for each instruction and each way its operands are known. Divisors come only as constants. */
const KNOWN_PIECES: readonly { readonly each: Tried; readonly operand: Operand; readonly name: string }[] =
  KNOWN.flatMap((each) =>
    KNOWN_OPERANDS.filter(([name]) => !DIVISIONS.has(each.code[0]!) || name.startsWith("constants")).map(
      ([name, operand]) => ({ each, operand, name: `${each.name} of ${name}` }),
    ),
  );

export const KNOWN_NAMES: readonly string[] = KNOWN_PIECES.map(({ name }) => name);

/** A function for each piece, so that engines compile each for itself. As the compiler would leave it. */
export function knownOperandsModule(): Uint8Array {
  const functions = KNOWN_PIECES.map(({ each, operand }, place) => tried(each, operand, place));
  const step = functions.flatMap((_, i) => [0x10, ...leb(i + 2)]);
  return assemble({ memory: [1, 2, 2], locals: LOCAL_GROUPS, functions, step });
}

export const INSTRUCTIONS_REGIONS: Run["regions"] = {
  state: { address: STATE, size: PIECE_BYTES * INSTRUCTIONS.length },
  config: { address: CONFIG },
  inputs: { address: INPUTS, stride: STRIDE },
  events: { address: EVENTS },
};

export const KNOWN_REGIONS: Run["regions"] = {
  ...INSTRUCTIONS_REGIONS,
  state: { address: STATE, size: PIECE_BYTES * KNOWN_PIECES.length },
};

/** `i32.const`, whose operand is signed: one more bit than the address has. */
function constant(value: number): number[] {
  return [0x41, (value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, value >> 14];
}
