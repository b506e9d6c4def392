// The verdict on modules, most of them made by hand: each rule refuses, and nothing a stranger sends can do worse.
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { LANE_OPERATIONS, SCALAR_MAKERS } from "../../src/proof/floats.js";
import { walk } from "../../src/proof/opcodes.js";
import { prove } from "../../src/proof/proof.js";
import { Malformed } from "../../src/proof/reader.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { REPOSITORY } from "../toolchain/project.js";
import { assemble, custom, FIXED, leb, list, type Parts, section, text } from "./module.js";

const rulesOf = (bytes: Uint8Array) => prove(bytes).findings.map(({ rule }) => rule);
const valid = (bytes: Uint8Array) => WebAssembly.validate(bytes as BufferSource);

test("a module that meets every rule is proved", () => {
  expect(valid(assemble())).toBe(true);
  expect(prove(assemble())).toEqual({ ok: true, findings: [], notices: [], undecided: new Map() });
});

describe("refused", () => {
  const cases: [string, Parts, string, RegExp][] = [
    [
      "an imported function",
      { imports: [[...text("env"), ...text("seed"), 0, 0]] },
      "import",
      /'env.seed'.*Keep a Random/,
    ],
    ["an imported global", { imports: [[...text("env"), ...text("time"), 3, 0x7f, 1]] }, "import", /'env.time'/],
    [
      "an imported memory",
      { imports: [[...text("env"), ...text("memory"), 2, ...FIXED]], memory: null },
      "import",
      /'env.memory'/,
    ],
    ["memory that can grow", { memory: [1, 1, 2] }, "memory", /from 1 pages to 2.*Set the maximum/],
    ["memory without a maximum", { memory: [0, 1] }, "memory", /to any number/],
    ["shared memory", { memory: [3, 1, 1] }, "memory", /shared/],
    ["memory with 64-bit addresses", { memory: [5, 1, 1] }, "memory", /64-bit/],
    ["memory with pages of another size", { memory: [9, 1, 1, 0] }, "malformed", /longer than its contents/],
    [
      "a mutable global",
      { globals: [[0x7f, 1, 0x41, 0, 0x0b]], step: [0x23, 0, 0x1a] },
      "mutable-global",
      /'#0' is a variable outside the state/,
    ],
    ["memory that grows by nothing", { step: [0x41, 0, 0x40, 0, 0x1a] }, "memory", /away from the host.*samestep wrap/],
    [
      "calls that take megabytes of stack",
      { locals: [[...leb(1600), 0x7e]], step: [0x10, 2], functions: [[0x10, 3], [0x10, 4], [0x10, 5], [0x10, 6], []] },
      "stack",
      /take up to 154\d\d\d bytes of stack, and a game's take 131072 at most/,
    ],
    ["a start function", { start: 0 }, "start", /Move it into init/],
    ["a third function exported", { exports: [[...text("cheat"), 0, 0]] }, "export", /'cheat\(\)'/],
    ["an exported table", { tables: [[0x70, 0, 1]], exports: [[...text("table"), 1, 0]] }, "export", /'table'/],
    [
      "a stored float",
      { step: [0x41, 0, 0x43, 0, 0, 0, 0, 0x43, 0, 0, 0, 0, 0x95, 0x38, 2, 0] },
      "float",
      /f32.store lets the bits of a NaN be seen here.*Build the game with `samestep build`/,
    ],
    [
      "float SIMD",
      { step: [0x00, 0xfd, 0xe4, 0x01, 0xfd, 0x53, 0x1a] },
      "float",
      /f32x4.add can make a NaN here.*samestep build/,
    ],
    ["the maximum of vectors", { step: [0x00, 0xfd, 0xe9, 0x01, 0x1a] }, "disputed", /f32x4.max of 0 and -0.*pmax/],
    ["relaxed SIMD", { step: [0x00, 0xfd, 0x80, 0x02] }, "relaxed-simd", /relaxed SIMD \(0xfd 0x100\)/],
    ["an atomic load", { step: [0x41, 0, 0xfe, 0x10, 2, 0, 0x1a] }, "threads", /atomic/],
    ["garbage collection", { step: [0xfb, 0, 0, 0x1a] }, "garbage-collection", /garbage collection/],
    ["an exception", { step: [0x08, 0] }, "exceptions", /exceptions/],
    ["a tail call", { step: [0x12, 0] }, "opcode", /tail call/],
    ["an instruction nobody knows", { step: [0xff] }, "opcode", /unknown/],
    ["a call through a table", { tables: [[0x70, 0, 1]], step: [0x41, 0, 0x11, 0, 0] }, "indirect-call", /switch/],
    ["a function that calls itself", { step: [0x10, 1] }, "recursion", /function 1 → function 1/],
    [
      "functions that call each other",
      {
        step: [0x10, 2],
        functions: [
          [0x10, 3],
          [0x10, 2],
        ],
      },
      "recursion",
      /function 2 → function 3 → function 2/,
    ],
    ["a dropped segment", { data: [[1, 0]], step: [0xfc, 9, 0] }, "hidden-state", /data.drop/],
    ["a changed table", { tables: [[0x70, 0, 1]], step: [0x41, 0, 0xd0, 0x70, 0x26, 0] }, "hidden-state", /table.set/],
    ["two memories", { memory: [...FIXED, ...FIXED] }, "malformed", /longer/],
  ];
  test.each(cases)("%s", (_, parts, rule, message) => {
    const { ok, findings } = prove(assemble(parts));
    expect(ok).toBe(false);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    expect(findings.find((finding) => finding.rule === rule)!.message).toMatch(message);
  });

  test("two memories, declared as such", () => {
    const bytes = [...assemble({ memory: null })];
    // The memory section stands before the exports; this one declares two.
    const exports = bytes.findIndex((byte, at) => byte === 7 && at > 8);
    bytes.splice(exports, 0, ...section(5, list([FIXED, FIXED])));
    expect(rulesOf(new Uint8Array(bytes))).toContain("memory");
  });

  test("a module without memory, init and step", () => {
    const bytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    expect(rulesOf(bytes)).toEqual(["memory", "export", "export", "export"]);
  });

  test("an init that takes something", () => {
    const bytes = assemble({ types: [[0x60, 1, 0x7f, 0]] });
    const functions = bytes.indexOf(3, 8);
    expect(bytes.slice(functions, functions + 5)).toEqual(new Uint8Array([3, 3, 2, 0, 0]));
    bytes[functions + 3] = 1;
    expect(prove(bytes).findings[0]!.message).toBe(
      "init() takes nothing and returns nothing; its inputs lie in memory.",
    );
  });

  test("the instruction and its function are told", () => {
    const names = custom("name", section(1, list([[...leb(1), ...text("game/step")]])));
    const bytes = assemble({ step: [0x01, 0x43, 0, 0, 0, 0, 0x91, 0xbc, 0x1a], custom: [names] });
    const [finding] = prove(bytes).findings;
    expect(finding).toMatchObject({ rule: "float", function: "game/step" });
    expect(bytes[finding!.offset!]).toBe(0xbc);
    expect(finding!.bodyOffset).toBe(finding!.offset! - 10);
  });

  test("a stranger's names are made fit for a terminal", () => {
    const [finding] = prove(assemble({ imports: [[...text("\u001b[31m"), ...text("x".repeat(5000)), 0, 0]] })).findings;
    expect(finding!.message).not.toContain("\u001b");
    expect(finding!.message.length).toBeLessThan(400);
  });
});

/** Whether V8 knows an instruction: behind `unreachable` any operands are there, so only the opcode and its immediates decide. */
function known(code: number[]): boolean {
  const immediates = [
    [],
    [0],
    [0, 0],
    [2, 0],
    [2, 0, 0],
    [0x70],
    [0x40, 0x0b],
    [0x40, 0x05, 0x0b],
    [1, 0x7f],
    [0, 0, 0, 0],
    new Array(8).fill(0),
    new Array(16).fill(0),
  ];
  const tables = [[0x70, 0, 1]];
  const globals = [[0x7f, 1, 0x41, 0, 0x0b]];
  return immediates.some((bytes) =>
    valid(assemble({ tables, globals, data: [[1, 0]], elements: [[1, 0, 0]], step: [0x00, ...code, ...bytes, 0x00] })),
  );
}

/** Whether our walker knows it, with any operands. */
function walked(code: number[]): boolean {
  const body = [0, ...code, ...new Array(20).fill(0)];
  try {
    walk(new Uint8Array(body), 0, body.length, () => {});
    return true;
  } catch (error) {
    return error instanceof Malformed;
  }
}

describe("instructions", () => {
  test("every instruction we know is one V8 knows, and of V8's only those outside the profile are missing", () => {
    const missing: string[] = [];
    const invented: string[] = [];
    const compare = (code: number[], name: string) => {
      if (known(code) && !walked(code)) missing.push(name);
      if (!known(code) && walked(code)) invented.push(name);
    };
    for (let opcode = 0; opcode < 0xfb; opcode++) compare([opcode], opcode.toString(16));
    for (let opcode = 0; opcode < 32; opcode++) compare([0xfc, opcode], `fc ${opcode.toString(16)}`);
    for (let opcode = 0; opcode < 0x100; opcode++) compare([0xfd, ...leb(opcode)], `fd ${opcode.toString(16)}`);
    // Exceptions, tail calls, and what newer engines add to references.
    const outside = ["6", "7", "8", "9", "a", "12", "13", "14", "15", "18", "19", "1f", "d3", "d4", "d5", "d6"];
    expect(missing.filter((name) => !outside.includes(name))).toEqual([]);
    // `else` and `end` belong to a block.
    expect(invented.filter((name) => !["5", "b"].includes(name))).toEqual([]);
  });

  test("our operands have the length V8 gives them: the instruction behind is found", () => {
    const sample = [
      [0x41, 0xff, 0xff, 0xff, 0xff, 0x7f],
      [0x42, 0x80, 0x80, 0x01],
      [0x43, 1, 2, 3, 4],
      [0x44, 1, 2, 3, 4, 5, 6, 7, 8],
      [0x28, 2, 0x80, 0x01],
      [0x0e, 1, 0, 0],
      [0x1c, 1, 0x7f],
      [0xd0, 0x70],
      [0xfc, 8, 0, 0],
      [0xfc, 10, 0, 0],
      [0xfc, 11, 0],
      [0xfd, 12, ...new Array(16).fill(7)],
      [0xfd, 13, ...new Array(16).fill(7)],
      [0xfd, 0x15, 3],
      [0xfd, 0x54, 0, 0, 3],
      [0xfd, 0x5c, 2, 0],
      [0xfd, 0xae, 0x01],
    ];
    for (const code of sample) {
      const seen: number[] = [];
      const body = [0, ...code, 0x01];
      walk(new Uint8Array(body), 0, body.length, (instruction) => seen.push(instruction));
      expect(seen.length, code.join(" ")).toBe(2);
      expect(seen[1]).toBe(0x01);
      expect(valid(assemble({ data: [[1, 0]], step: [0x00, ...code, 0x01, 0x00] })), code.join(" ")).toBe(true);
    }
  });

  test("every float instruction that can make a NaN is known, scalar and SIMD", () => {
    // From the specification's tables of opcodes, apart from how the module lists them.
    const scalar = "8d 8e 8f 90 91 92 93 94 95 96 97 9b 9c 9d 9e 9f a0 a1 a2 a3 a4 a5 b6 bb";
    const vector = "5e 5f 67 68 69 6a 74 75 7a 94 e3 e4 e5 e6 e7 e8 e9 ef f0 f1 f2 f3 f4 f5";
    const makers = [...LANE_OPERATIONS].filter(([, { gives }]) => gives === "open").map(([code]) => code);
    const codes = (numbers: number[]) => numbers.sort((x, y) => x - y).map((code) => code.toString(16));
    expect(codes([...SCALAR_MAKERS.keys()])).toEqual(scalar.split(" "));
    expect(codes(makers)).toEqual(vector.split(" ").map((code) => `fd00${code}`));
  });
});

describe("a stranger's bytes", () => {
  let game: BuiltGame;
  beforeAll(async () => {
    game = await compileGame({ entry: join(REPOSITORY, "test/games/duel.ts") });
  });

  test("20 000 mutations of modules neither throw nor hang, and what V8 takes and differs is judged", () => {
    let seed = 0x5eed5eed;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const originals = [
      game.wasm,
      assemble({ tables: [[0x70, 0, 1]], globals: [[0x7f, 0, 0x41, 0, 0x0b]], data: [[1, 0]], functions: [[0x10, 0]] }),
    ];
    let slowest = 0;
    for (let round = 0; round < 20_000; round++) {
      const original = originals[round % 2]!;
      const bytes = round % 7 === 0 ? original.slice(0, random(original.length)) : original.slice();
      for (let i = 1 + random(4); i > 0; i--) {
        const at = random(bytes.length);
        bytes[at] = [random(256), 0xff, 0x80, 0, bytes[at]! ^ (1 << random(8))][random(5)]!;
      }
      const begin = performance.now();
      expect(() => prove(bytes), `round ${round} of seed 5eed5eed`).not.toThrow();
      slowest = Math.max(slowest, performance.now() - begin);
    }
    expect(slowest).toBeLessThan(500);
  });

  test("what our reader calls malformed, V8 does not run either", () => {
    for (let at = 0; at < 400; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const bytes = assemble({ step: [0x10, 0], functions: [[0x41, 5, 0x1a]] });
        if (at >= bytes.length) return;
        bytes[at] = value;
        const { findings } = prove(bytes);
        if (findings.some(({ message }) => /ends? too early|out of order|too long|differ in number/.test(message)))
          expect(valid(bytes), `byte ${at} = ${value}`).toBe(false);
      }
    }
  });

  test("a chain of 50 000 calls is walked without a stack of our own", () => {
    const functions = Array.from({ length: 50_000 }, (_, i) => [0x10, ...leb(i + 3)]);
    const open = [...functions, []];
    expect(rulesOf(assemble({ functions: open, step: [0x10, 2] }))).toEqual(["stack"]);
    const closed = [...functions, [0x10, 2]];
    const [finding] = prove(assemble({ functions: closed, step: [0x10, 2] })).findings;
    expect(finding!.rule).toBe("recursion");
    expect(finding!.message.length).toBeLessThan(400);
  });

  test("a broken name section is no reason to refuse: engines ignore it too", () => {
    const broken = custom("name", [1, 0xff, 0xff, 0xff, 0xff, 0x0f, 9]);
    expect(valid(assemble({ custom: [broken] }))).toBe(true);
    expect(prove(assemble({ custom: [broken] })).ok).toBe(true);
  });

  test("thousands of faults are told as a hundred", () => {
    const step = Array.from({ length: 5000 }, () => [0x43, 0, 0, 0, 0, 0x91, 0xbc, 0x1a]).flat();
    expect(prove(assemble({ step })).findings.length).toBe(100);
  });

  test("the games here are judged within 50 ms", () => {
    prove(game.wasm);
    const begin = performance.now();
    for (let i = 0; i < 10; i++) prove(game.wasm);
    expect((performance.now() - begin) / 10).toBeLessThan(50);
  });

  test("nothing but bytes decides: a view into a larger buffer is judged alike", () => {
    const larger = new Uint8Array(game.wasm.length + 20);
    larger.set(game.wasm, 10);
    expect(prove(larger.subarray(10, 10 + game.wasm.length)).ok).toBe(true);
  });
});
