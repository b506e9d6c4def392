// Managed games: what may be written, what the module is made of, and what is refused with its reason.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readModule } from "../../src/proof/binary.js";
import { prove } from "../../src/proof/proof.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/build.js";
import { keepGlobals } from "../../src/toolchain/managed.js";
import type { Runtime } from "../../src/toolchain/runtime.js";
import { assemble, text } from "../proof/module.js";
import { failureOf, project, REPOSITORY, Running } from "./project.js";

const HEAD = `import { inputOf } from "samestep/assembly/sdk";\n@input class Pad { a: u8; }\n`;

async function built(source: string, runtime: Runtime = "minimal"): Promise<BuiltGame> {
  const folder = await project({ "game.ts": HEAD + source });
  return compileGame({ entry: `${folder}/game.ts`, runtime });
}

const COUNTING = `
const seen = new Map<string, i32[]>();
let steps = 0;
export function init(): void { seen.set("all", []); }
export function step(): void { steps++; seen.get("all").push(inputOf<Pad>(0).a); }
`;

describe("a managed game", () => {
  test("needs no arena, imports nothing, and exports memory, init and step alone", async () => {
    const { wasm, schema, types } = await built(COUNTING);
    const { imports, exports, memories, start } = readModule(wasm);
    expect(imports).toEqual([]);
    expect(exports.map(({ name }) => name).sort()).toEqual(["init", "memory", "step"]);
    expect(memories[0]).toMatchObject({ min: 2, max: 2 });
    expect(start).toBeUndefined();
    expect(schema).toMatchObject({ kind: "managed", root: "Memory", regions: { state: { address: 0, size: 131072 } } });
    expect(types).toContain("readonly state: Memory;");
  });

  test("is built to the same bytes every time", async () => {
    const [a, b] = [await built(COUNTING), await built(COUNTING)];
    expect(a.wasm).toEqual(b.wasm);
  });

  test("keeps its variables in memory between steps, whatever its instance remembers", async () => {
    const game = new Running(await built(COUNTING));
    game.init();
    const before = game.bytes.slice();
    const once = () => {
      game.step();
      return game.bytes.slice();
    };
    const first = once();
    expect(once()).not.toEqual(first);
    game.bytes.set(before);
    expect(once()).toEqual(first);
  });

  test("frees what a step leaves behind, on both runtimes, however long the match", async () => {
    const source = `
      export const memoryPages = 1;
      let names: string[] = [];
      export function init(): void {}
      export function step(): void { names = []; for (let i = 0; i < 40; i++) names.push("ant " + i.toString()); }
    `;
    for (const runtime of ["minimal", "incremental"] as const) {
      const game = new Running(await built(source, runtime));
      game.init();
      for (let frame = 0; frame < 2000; frame++) game.step();
      expect(game.trap).toBeUndefined();
    }
  });

  test("stops with a clear message when its memory is full", async () => {
    const game = new Running(
      await built(
        "const all: string[][] = []; export function init(): void {} export function step(): void { all.push(['x'.repeat(500)]); }",
      ),
    );
    game.init();
    expect(() => {
      for (let frame = 0; frame < 1000; frame++) game.step();
    }).toThrow("unreachable");
    expect(game.trap).toMatchObject({
      message: "out of memory: export const memoryPages = N gives the game N pages of 64 KiB",
      file: "~lib/rt/tlsf.ts",
    });
  });

  test("reports recursion and calls through variables with their lines, and is built", async () => {
    const { notices } = await built(
      [
        "let total = 0;",
        "function deep(n: i32): void { total += n; if (n > 0) deep(n - 1); total ^= 5; }",
        "export function init(): void {}",
        "export function step(): void { const list = [3, 1, <i32>inputOf<Pad>(0).a]; list.sort((a, b) => a - b); deep(list[1]); }",
      ].join("\n"),
    );
    expect(notices).toMatch(/^NOTICE Recursion: game\/deep → game\/deep\..*\n {2}in game\/deep \(game\.ts:4:/m);
    expect(notices.match(/called through a variable/g)).toHaveLength(1);
  });

  test("has as many pages as it says, and never fewer than its data", async () => {
    const empty = "export function init(): void {} export function step(): void {}";
    expect((await built(`export const memoryPages = 5; ${empty}`)).schema.regions.state.size).toBe(5 * 65536);
    expect(await failureOf(built(`export const memoryPages = 300; ${empty}`))).toContain(
      "memoryPages is a whole number from 1 to 256: export const memoryPages = 2;",
    );
  });
});

test("docs/managed-games.md quotes the example as it is", () => {
  const colony = readFileSync("test/games/colony.ts", "utf8");
  const quoted = readFileSync("docs/managed-games.md", "utf8").matchAll(/```ts\n([\s\S]*?)\n```/g);
  const quotes = [...quoted].map(([, code]) => code!);
  expect(quotes.length).toBeGreaterThan(3);
  for (const quote of quotes) {
    expect(colony).toContain(quote);
    expect(quote.split("{").length, `braces of ${quote}`).toBe(quote.split("}").length);
  }
});

describe("what no game can be", () => {
  test("the stub runtime is refused with its reason", async () => {
    const building = compileGame({ entry: `${REPOSITORY}/test/games/colony.ts`, runtime: "stub" as Runtime });
    await expect(building).rejects.toMatchObject({
      code: "BAD_USAGE",
      message: expect.stringMatching(
        /'stub' never frees an object, so a long match would run out of memory: use 'minimal'/,
      ),
    });
  });

  test("without a runtime it is an arena game, and may not allocate", async () => {
    const message = await failureOf(compileGame({ entry: `${REPOSITORY}/test/games/colony.ts` }));
    expect(message).toContain("memoryPages is for managed games, built with --runtime");
    const folder = await project({ "game.ts": HEAD + COUNTING });
    expect(await failureOf(compileGame({ entry: `${folder}/game.ts` }))).toContain("No state: declare");
  });

  test("imports are refused in a managed game as in any other", async () => {
    const source =
      "export function init(): void {} export function step(): void { console.log(inputOf<Pad>(0).a.toString()); }";
    expect(await failureOf(built(source))).toContain("Emit an @event instead");
  });
});

describe("keepGlobals", () => {
  const [i32, i64, funcref] = [0x7f, 0x7e, 0x70];
  const global = (type: number, value: number[]) => [type, 1, ...value, 0x0b];
  const parts = {
    globals: [global(i32, [0x41, 7]), global(i64, [0x42, 9])],
    // step: global 0 := global 0 + 1
    step: [0x23, 0, 0x41, 1, 0x6a, 0x24, 0],
  };
  const block = { address: 1024, size: 12 };

  test("a module whose globals nothing keeps is refused, and proved once they are kept", () => {
    const bare = assemble(parts);
    const [finding, ...others] = prove(bare, "managed").findings;
    expect(finding).toMatchObject({ rule: "mutable-global", message: expect.stringContaining("'#0', '#1'.") });
    expect(others).toEqual([]);
    expect(prove(keepGlobals(bare, block).wasm, "managed").findings).toEqual([]);
  });

  test("they begin every match at their first value, and go on from what the memory says", () => {
    const { wasm } = keepGlobals(assemble(parts), block);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {});
    const { memory, init, step } = exports as { memory: WebAssembly.Memory; init(): void; step(): void };
    const view = new DataView(memory.buffer);
    init();
    expect([view.getInt32(1024, true), view.getBigInt64(1028, true)]).toEqual([7, 9n]);
    step();
    step();
    expect(view.getInt32(1024, true)).toBe(9);
    view.setInt32(1024, 100, true);
    step();
    expect(view.getInt32(1024, true)).toBe(101);
    init();
    expect(view.getInt32(1024, true)).toBe(7);
  });

  test("code that runs at load runs at the start of every match instead", () => {
    const start = { ...parts, functions: [[0x41, 40, 0x24, 0]], start: 2 };
    const { wasm } = keepGlobals(assemble(start), block);
    expect(prove(wasm, "managed").ok).toBe(true);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource), {});
    const { memory, init } = exports as { memory: WebAssembly.Memory; init(): void };
    const view = new DataView(memory.buffer);
    expect(view.getInt32(1024, true)).toBe(0);
    for (let match = 0; match < 2; match++) {
      init();
      expect(view.getInt32(1024, true)).toBe(40);
      view.setInt32(1024, 1, true);
    }
  });

  test("what lies in the functions is found where it moved to", () => {
    const bare = assemble(parts);
    const { wasm, moved } = keepGlobals(bare, block);
    const { begin, end } = readModule(bare).bodies[1]!;
    expect(wasm.subarray(moved(begin), moved(end))).toEqual(bare.subarray(begin, end));
  });

  test("no host can write them any more", () => {
    const exported = [...text("score"), 3, 0];
    const { wasm } = keepGlobals(assemble({ ...parts, exports: [exported] }), block);
    expect(
      readModule(wasm)
        .exports.map(({ name }) => name)
        .sort(),
    ).toEqual(["init", "memory", "step"]);
  });

  test("one byte too little, and a global that no memory can hold, are refused with what to do", () => {
    expect(() => keepGlobals(assemble(parts), { address: 1024, size: 11 })).toThrow(
      "2 variables outside of its memory, which take 12 bytes, and its globals region has 11: make it larger",
    );
    const reference = assemble({ globals: [global(funcref, [0xd0, 0x70])] });
    expect(() => keepGlobals(reference, block)).toThrow("'#0' holds a reference");
  });

  const faults: [string, string, (body: Uint8Array) => void][] = [
    ["a load that is left out", "__globals_load", (body) => body.fill(0x01, 1, 9)],
    ["a store that is left out", "__globals_save", (body) => body.fill(0x01, 1, 9)],
    ["a first value that is left out", "__globals_reset", (body) => body.fill(0x01, 1, 5)],
    ["hooks that are not called first", "samestep/step", (body) => body.fill(0x01, 1, 3)],
    ["a way past the last hook", "samestep/step", (body) => body.set([0x0f, 0x01], 3)],
  ];
  test.each(faults)("%s is found", (_, name, spoil) => {
    const names = { __globals_reset: 2, __globals_load: 3, __globals_save: 4, "samestep/step": 6 };
    const wasm = keepGlobals(assemble(parts), block).wasm.slice();
    const { begin, end } = readModule(wasm).bodies[names[name as keyof typeof names]]!;
    spoil(wasm.subarray(begin, end));
    expect(WebAssembly.validate(wasm as BufferSource)).toBe(true);
    expect(prove(wasm, "managed").findings.map(({ rule }) => rule)).toContain("mutable-global");
  });
});
