// Where the bits of a NaN could be seen: every such place is found, one sequence closes it, and nothing that only looks like it.
import { describe, expect, test } from "vitest";
import { OBSERVERS, SCALAR_MAKERS } from "../../src/proof/floats.js";
import { prove } from "../../src/proof/proof.js";
import { assemble, leb } from "./module.js";

// The locals of every function here, two of each type: numbers 1 to 6.
const LOCALS = [
  [2, 0x7d],
  [2, 0x7c],
  [2, 0x7b],
];
const [SINGLE, OTHER_SINGLE, DOUBLE, VECTOR, OTHER_VECTOR] = [1, 2, 3, 5, 6];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const simd = (opcode: number) => [0xfd, ...leb(opcode)];
const times = (count: number, bytes: number[]) => Array.from({ length: count }, () => bytes).flat();

const NAN32 = [0, 0, 0xc0, 0x7f];
const NAN64 = [0, 0, 0, 0, 0, 0, 0xf8, 0x7f];
const single = (bytes: number[]) => [0x43, ...bytes];
const double = (bytes: number[]) => [0x44, ...bytes];
const vector = (bytes: number[]) => [...simd(12), ...bytes];

// A number and a vector that may be a NaN, and what drops, stores and selects.
const F32 = [...get(SINGLE), ...get(SINGLE), 0x95];
const F64 = [...get(DOUBLE), ...get(DOUBLE), 0xa3];
const F32X4 = [...get(VECTOR), ...get(VECTOR), ...simd(0xe4)];
const F64X2 = [...get(VECTOR), ...get(VECTOR), ...simd(0xf0)];
const DROP = 0x1a;
const SELECT = 0x1b;
const STORE = [0x38, 2, 0];
const ZERO = [0x41, 0];

const close32 = (t = OTHER_SINGLE) => [...tee(t), ...single(NAN32), ...get(t), ...get(t), 0x5b, SELECT];
const close64 = (t = DOUBLE) => [...tee(t), ...double(NAN64), ...get(t), ...get(t), 0x61, SELECT];
const close32x4 = (t = OTHER_VECTOR) => [
  ...[...tee(t), ...vector(times(4, NAN32)), ...get(t), ...get(t)],
  ...[...simd(0x41), ...simd(0x52), ...tee(t)],
];
const close64x2 = (t = OTHER_VECTOR) => [
  ...[...tee(t), ...vector(times(2, NAN64)), ...get(t), ...get(t)],
  ...[...simd(0x47), ...simd(0x52), ...tee(t)],
];

function judge(step: number[]): string[] {
  const bytes = assemble({ step, locals: LOCALS });
  expect(WebAssembly.validate(bytes as BufferSource), "the module of the test is one").toBe(true);
  return prove(bytes).findings.map(({ message }) => message.split(" ")[0]!);
}

interface Case {
  /** What stands before the float on the stack, and what stands behind: the observer itself. */
  before: number[];
  after: number[];
}
const OBSERVING: Record<string, Case> = {
  "f32.store": { before: ZERO, after: STORE },
  "f64.store": { before: ZERO, after: [0x39, 3, 0] },
  "i32.reinterpret_f32": { before: [], after: [0xbc, DROP] },
  "i64.reinterpret_f64": { before: [], after: [0xbd, DROP] },
  "f32.copysign": { before: get(SINGLE), after: [0x98, DROP] },
  "f64.copysign": { before: get(DOUBLE), after: [0xa6, DROP] },
  "f32x4.splat": { before: [], after: [...simd(0x13), DROP] },
  "f64x2.splat": { before: [], after: [...simd(0x14), DROP] },
  "f32x4.replace_lane": { before: get(VECTOR), after: [...simd(0x20), 0, DROP] },
  "f64x2.replace_lane": { before: get(VECTOR), after: [...simd(0x22), 1, DROP] },
};

describe("an observer of numbers", () => {
  test("is each of these, and there is no other", () => {
    expect([...OBSERVERS.values()].map(({ name }) => name).sort()).toEqual(Object.keys(OBSERVING).sort());
  });

  test.each(Object.entries(OBSERVING))("%s is found, and accepted behind the sequence", (name, { before, after }) => {
    const [float, close] = name.includes("64") ? [F64, close64()] : [F32, close32()];
    expect(judge([...before, ...float, ...after])).toEqual([name]);
    expect(judge([...before, ...float, ...close, ...after])).toEqual([]);
  });

  test("sees only data and numbers where no instruction of the module makes a NaN", () => {
    expect(judge([...ZERO, ...ZERO, 0x2a, 2, 0, ...STORE])).toEqual([]);
    expect(judge([...ZERO, ...ZERO, 0x2a, 2, 0, ...STORE, ...F32, DROP])).toEqual(["f32.store"]);
  });

  test("may see what is surely a number: a constant, or what was an integer", () => {
    const made = [...F32, DROP];
    expect(judge([...made, ...ZERO, ...single([0, 0, 0x80, 0x7f]), ...STORE])).toEqual([]);
    expect(judge([...made, ...ZERO, ...get(0), 0xb2, ...STORE])).toEqual([]);
    expect(judge([...made, ...ZERO, ...single([1, 0, 0x80, 0x7f]), ...STORE])).toEqual(["f32.store"]);
  });
});

test("every instruction that takes a number as its top operand is an observer, makes NaNs of NaNs, or does not look", () => {
  const constants = [[0x41, 0], [0x42, 0], single([0, 0, 0, 0]), double(times(8, [0])), vector(times(16, [0]))];
  const immediates = [[], [0], [0, 0]];
  const accepts = (code: number[], constant: number[]) =>
    immediates.some((bytes) => {
      const step = [0x00, ...constant, ...code, ...bytes, 0x00];
      return WebAssembly.validate(assemble({ step, data: [[1, 0]], tables: [[0x70, 0, 1]] }) as BufferSource);
    });
  const found: number[] = [];
  const codes = [
    ...Array.from({ length: 0xd3 }, (_, code) => [code, code]),
    ...Array.from({ length: 8 }, (_, code) => [0xfc0000 + code, 0xfc, code]),
    ...Array.from({ length: 0x100 }, (_, code) => [0xfd0000 + code, ...simd(code)]),
  ];
  for (const [instruction, ...code] of codes) {
    // What takes nothing, or anything, takes an integer as well.
    if (accepts(code, constants[0]!) || accepts(code, constants[1]!) || accepts(code, constants[4]!)) continue;
    if (accepts(code, constants[2]!) || accepts(code, constants[3]!)) found.push(instruction!);
  }
  const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const signs = [0x8b, 0x8c, 0x99, 0x9a];
  const blind = [...range(0x5b, 0x66), ...range(0xa8, 0xab), ...range(0xae, 0xb1), ...range(0xfc0000, 0xfc0007)];
  const known = [...OBSERVERS.keys(), ...SCALAR_MAKERS.keys(), ...signs, ...blind];
  expect(found.sort((x, y) => x - y)).toEqual(known.sort((x, y) => x - y));
});

describe("no sequence of a number is", () => {
  const t = OTHER_SINGLE;
  const nan = single(NAN32);
  const cases: [string, number[]][] = [
    ["one that a branch goes around", [0x02, 0x7d, ...F32, ...get(0), 0x0d, 0, ...close32(), 0x0b]],
    ["one at the end of a block", [0x02, 0x7d, ...F32, ...close32(), 0x0b]],
    ["one in only one arm", [...get(0), 0x04, 0x7d, ...F32, ...close32(), 0x05, ...F32, 0x0b]],
    [
      "one whose constant begins a block",
      [...F32, ...tee(t), 0x02, 0x7d, ...nan, 0x0b, ...get(t), ...get(t), 0x5b, SELECT],
    ],
    [
      "one with a local that changes on the way",
      [...F32, ...tee(t), ...nan, ...F32, ...set(t), ...get(t), ...get(t), 0x5b, SELECT],
    ],
    ["one that compares another local", [...F32, ...tee(t), ...nan, ...get(SINGLE), ...get(SINGLE), 0x5b, SELECT]],
    ["one that compares with another local", [...F32, ...tee(t), ...nan, ...get(t), ...get(SINGLE), 0x5b, SELECT]],
    ["one that keeps the NaN", [...F32, ...tee(t), ...nan, ...get(t), ...get(t), 0x5c, SELECT]],
    ["one with its operands exchanged", [...F32, ...set(t), ...nan, ...get(t), ...get(t), ...get(t), 0x5b, SELECT]],
    ["one that asks something else", [...F32, ...tee(t), ...nan, ...get(0), SELECT]],
    ["one with another NaN", [...F32, ...tee(t), ...single([1, 0, 0xc0, 0x7f]), ...get(t), ...get(t), 0x5b, SELECT]],
    ["one with a negative NaN", [...F32, ...tee(t), ...single([0, 0, 0xc0, 0xff]), ...get(t), ...get(t), 0x5b, SELECT]],
    ["one whose result is then negated", [...F32, ...close32(), 0x8c]],
    ["one whose result is then computed with", [...get(SINGLE), ...F32, ...close32(), 0x92]],
    ["one on the way in", [...F32, ...close32(), ...set(t), ...F32]],
    ["one of the other width", [...F64, ...close64(), 0xb6]],
    [
      "one through a select that names its type",
      [...F32, ...tee(t), ...nan, ...get(t), ...get(t), 0x5b, 0x1c, 1, 0x7d],
    ],
    ["a load", [...F32, DROP, ...ZERO, 0x2a, 2, 0]],
  ];
  test.each(cases)("%s", (_, code) => {
    expect(judge([...ZERO, ...code, ...STORE])).toEqual(["f32.store"]);
  });

  test("one that another function ends with", () => {
    const bytes = assemble({
      locals: LOCALS,
      functions: [
        [...F32, ...close32(), DROP],
        [...ZERO, ...get(SINGLE), ...STORE],
      ],
    });
    expect(prove(bytes).findings.map(({ function: name }) => name)).toEqual(["function 3"]);
  });
});

test("a sequence that begins twice is one", () => {
  expect(judge([...ZERO, ...F32, ...tee(SINGLE), ...close32(), ...STORE])).toEqual([]);
  expect(judge([...ZERO, ...F32, ...close32(), ...close32(), ...STORE])).toEqual([]);
});

describe("a vector of floats", () => {
  const t = OTHER_VECTOR;
  const nan = vector(times(4, NAN32));
  const equal = [...get(t), ...get(t), ...simd(0x41)];
  // Sees every bit.
  const SEE = [...simd(0x53), DROP];
  const MUL = simd(0xe6);
  const store = [...simd(11), 4, 0];
  const [LOOP, END, BRANCH_IF] = [[0x03, 0x40], [0x0b], [...get(0), 0x0d, 0]];

  const accepted: [string, number[]][] = [
    ["closed where it is made", [...F32X4, ...close32x4(), ...SEE, ...F64X2, ...close64x2(), ...SEE]],
    ["closed and stored", [...ZERO, ...F32X4, ...close32x4(), ...store]],
    ["dropped", [...F32X4, DROP]],
    ["computed with", [...F32X4, ...F32X4, ...MUL, ...simd(0xe3), ...close32x4(), ...SEE]],
    ["with another sign", [...F32X4, ...simd(0xe0), ...simd(0xe1), ...close32x4(), ...SEE]],
    ["the larger one, by comparison", [...get(VECTOR), ...F32X4, ...simd(0xeb), ...close32x4(), ...SEE]],
    ["compared", [...F32X4, ...F32X4, ...simd(0x43), ...SEE]],
    ["made integers", [...F32X4, ...simd(0xf8), ...SEE]],
    ["made wider", [...F32X4, ...simd(0x5f), ...close64x2(), ...SEE]],
    ["made narrower", [...F64X2, ...simd(0x5e), ...close32x4(), ...SEE]],
    ["kept in a local", [...F32X4, ...set(VECTOR), ...get(VECTOR), ...get(VECTOR), ...MUL, ...close32x4(), ...SEE]],
    ["kept, and closed when it is looked at", [...F32X4, ...set(VECTOR), ...get(VECTOR), ...close32x4(), ...SEE]],
    ["a lane that nobody looks at", [...F32X4, ...simd(0x1f), 0, DROP]],
  ];
  test.each(accepted)("may be %s", (_, code) => {
    expect(judge(code)).toEqual([]);
  });

  const refused: [string, number[]][] = [
    ["stored", [...ZERO, ...F32X4, ...store]],
    ["seen bit by bit", [...F32X4, ...SEE]],
    ["an operand of integers", [...get(VECTOR), ...F32X4, ...simd(0xae), DROP]],
    ["and the lower one", [...F32X4, ...get(VECTOR), ...simd(0xae), DROP]],
    ["masked", [...F32X4, ...get(VECTOR), ...simd(0x4e), DROP]],
    ["selected by bits", [...get(VECTOR), ...F32X4, ...get(VECTOR), ...simd(0x52), DROP]],
    ["selected", [...get(VECTOR), ...F32X4, ...get(0), SELECT, DROP]],
    ["shuffled", [...F32X4, ...get(VECTOR), ...simd(13), ...times(16, [0]), DROP]],
    ["seen with another sign", [...F32X4, ...simd(0xe1), ...SEE]],
    ["seen as the larger one", [...F32X4, ...get(VECTOR), ...simd(0xea), ...SEE]],
    ["taken for other lanes", [...F32X4, ...simd(0xec), ...close64x2(), ...SEE]],
    ["computed with as other lanes", [...get(VECTOR), ...F32X4, ...simd(0xf0), ...close64x2(), ...SEE]],
    ["compared as other lanes", [...F32X4, ...get(VECTOR), ...simd(0x47), ...SEE]],
    ["the result of a block", [0x02, 0x7b, ...F32X4, 0x0b, ...close32x4(), ...SEE]],
    ["on the stack at a branch", [0x02, 0x7b, ...F32X4, ...BRANCH_IF, 0x0b, ...close32x4(), ...SEE]],
    ["below a block", [...F32X4, 0x02, 0x40, 0x0b, ...close32x4(), ...SEE]],
    ["seen in a local", [...F32X4, ...set(VECTOR), ...get(VECTOR), ...SEE]],
    [
      "seen in a local that was read before it was written",
      [...LOOP, ...get(VECTOR), ...SEE, ...F32X4, ...set(VECTOR), ...BRANCH_IF, ...END],
    ],
    [
      "seen through two locals, the last one first",
      [...LOOP, ...get(t), ...SEE, ...get(VECTOR), ...set(t), ...F32X4, ...set(VECTOR), ...BRANCH_IF, ...END],
    ],
    ["left in a local by a tee", [...F32X4, ...tee(VECTOR), ...close32x4(), ...SEE, ...get(VECTOR), ...SEE]],
    ["left in a second local", [...F32X4, ...tee(t), ...close32x4(VECTOR), ...SEE, ...get(t), ...SEE]],
    [
      "left in the local of a sequence that is not finished",
      [...F32X4, ...tee(t), ...nan, ...equal, ...simd(0x52), DROP, ...get(t), ...SEE],
    ],
    [
      "left in the local of one that ends with another",
      [...F32X4, ...tee(t), ...nan, ...equal, ...simd(0x52), ...tee(VECTOR), DROP, ...get(t), ...SEE],
    ],
    ["closed for other lanes", [...F32X4, ...close64x2(), ...SEE]],
    [
      "compared for other lanes",
      [...F32X4, ...tee(t), ...nan, ...get(t), ...get(t), ...simd(0x47), ...simd(0x52), ...tee(t), ...SEE],
    ],
    [
      "compared with another",
      [...F32X4, ...tee(t), ...nan, ...get(t), ...get(VECTOR), ...simd(0x41), ...simd(0x52), ...tee(t), ...SEE],
    ],
    [
      "compared with another, in front",
      [...F32X4, ...tee(t), ...nan, ...get(VECTOR), ...get(t), ...simd(0x41), ...simd(0x52), ...tee(t), ...SEE],
    ],
    [
      "left below, with nothing chosen",
      [...F32X4, ...tee(t), ...nan, ...equal, ...simd(0x4e), ...tee(t), DROP, ...SEE],
    ],
    [
      "compared as another",
      [...F32X4, ...tee(t), ...nan, ...get(VECTOR), ...get(VECTOR), ...simd(0x41), ...simd(0x52), ...tee(t), ...SEE],
    ],
    [
      "closed with its arms exchanged",
      [...F32X4, ...set(t), ...nan, ...get(t), ...equal, ...simd(0x52), ...tee(t), ...SEE],
    ],
    [
      "closed with another constant",
      [...F32X4, ...tee(t), ...vector(times(16, [0])), ...equal, ...simd(0x52), ...tee(t), ...SEE],
    ],
    [
      "closed with a constant that is written longer",
      [...F32X4, ...tee(t), 0xfd, 0x8c, 0, ...times(4, NAN32), ...equal, ...simd(0x52), ...tee(t), ...SEE],
    ],
  ];
  test.each(refused)("is open when it is %s", (_, code) => {
    expect(judge(code)).toContain("f32x4.add");
  });

  test("is open as an argument and as a result", () => {
    const bytes = assemble({
      types: [[0x60, 1, 0x7b, 1, 0x7b]],
      functions: [[...F32X4, ...simd(0x53), DROP]],
      locals: LOCALS,
      step: F32X4.concat(0x10, 2, DROP),
    });
    // The third function has the type of the others; what counts is that a call sees what lies on the stack.
    expect(prove(bytes).findings.map(({ function: name }) => name)).toEqual(["function 1", "function 2"]);
  });

  test("of two widths in one local: one of them has to be closed before", () => {
    const use = [...get(t), ...close32x4(), ...SEE];
    expect(judge([...F32X4, ...set(t), ...F64X2, ...set(t), ...use])).toContain("f64x2.add");
    expect(judge([...F32X4, ...set(t), ...F64X2, ...close64x2(VECTOR), ...set(t), ...use])).toEqual([]);
  });

  test("makes numbers open that come out of it", () => {
    const lane = [...simd(0x1f), 0];
    expect(judge([...ZERO, ...get(VECTOR), ...lane, ...STORE])).toEqual([]);
    expect(judge([...ZERO, ...F32X4, ...lane, ...STORE])).toEqual(["f32.store"]);
    expect(judge([...ZERO, ...F32X4, ...lane, ...close32(), ...STORE])).toEqual([]);
    expect(judge([...ZERO, ...F32X4, ...close32x4(), ...lane, ...STORE])).toEqual([]);
  });

  test("goes through locals only so far: a long way back is closed on the way", () => {
    const count = 40;
    const first = 7;
    const way = Array.from({ length: count }, (_, i) => [...get(first + i + 1), ...set(first + i)]).flat();
    const code = [...LOOP, ...get(first), ...SEE, ...way, ...F32X4, ...set(first + count), ...BRANCH_IF, ...END];
    const bytes = assemble({ step: code, locals: [...LOCALS, [count + 1, 0x7b]] });
    expect(WebAssembly.validate(bytes as BufferSource)).toBe(true);
    expect(prove(bytes).findings.map(({ rule }) => rule)).toContain("float");
  });
});
