// The rewrite that makes every NaN the same: what it changes, and that it changes nothing else.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readModule } from "../../src/proof/binary.js";
import { LOCAL_SET } from "../../src/proof/opcodes.js";
import { prove } from "../../src/proof/proof.js";
import { readSchema } from "../../src/simulation/schema.js";
import { type Compiled, compile, compileGame } from "../../src/toolchain/build.js";
import { canonical } from "../../src/toolchain/canonical.js";
import { movedMap, SourceMap } from "../../src/toolchain/source-map.js";
import { assemble } from "../proof/module.js";
import { buildSource, failureOf, project, REPOSITORY, Running } from "./project.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const offsetsOf = (map: string) => {
  const offsets: number[] = [];
  movedMap(map, (offset) => {
    offsets.push(offset);
    return offset;
  });
  return offsets;
};

/** A game whose step does this to the floats of its state. */
const game = (fields: string, step: string) => `
  import { arena, Numbers, numbers } from "samestep/assembly/sdk";
  @input class Pad { a: u8; }
  @state class World { frame: i32; ${fields} }
  export const world = arena<World>();
  export function init(): void {}
  export function step(): void {
    ${step}
  }
`;

describe("a module without floats", () => {
  test("comes out byte for byte as it went in, and its map too", async () => {
    const { wasm, map } = await compile({ entry: join(REPOSITORY, "test/games/duel.ts") });
    const rewritten = canonical(wasm);
    expect(hex(rewritten.wasm)).toBe(hex(wasm));
    expect(movedMap(map, rewritten.moved)).toBe(map);
  });

  test("the fighter is one", async () => {
    const wasm = new Uint8Array(await readFile("build/games/fighter.wasm"));
    expect(hex(canonical(wasm).wasm)).toBe(hex(wasm));
  });

  test("nor is one changed that only keeps floats", async () => {
    const source = game("a: f32; b: f64;", "world.a = <f32>world.frame; world.b = -world.b;");
    const { wasm } = await compile({ entry: join(await project({ "game.ts": source }), "game.ts") });
    expect(hex(canonical(wasm).wasm)).toBe(hex(wasm));
  });
});

describe("what engines dispute", () => {
  const onNumbers = (code: number[]) => assemble({ locals: [[3, 0x7b]], step: code });
  const v = (local: number) => [0x20, local];
  const cases: [string, number[]][] = [
    ["a bitselect by a mask out of a local", [...v(1), ...v(2), ...v(3), 0xfd, 0x52, 0x1a]],
    ["a shift of constants by 33", [0x41, 0x6e, 0x41, 33, 0x76, 0x1a]],
    ["a shift by a sum of constants", [0x41, 0x6e, 0x41, 16, 0x41, 17, 0x6a, 0x76, 0x1a]],
    ["a shift by a constant that a block left", [0x41, 0x6e, 0x02, 0x7f, 0x41, 33, 0x0b, 0x76, 0x1a]],
    ["a sign out of a constant", [0x43, 0, 0, 0, 0, 0x43, 0, 0, 0x80, 0xbf, 0x98, 0x1a]],
    ["a memory that grows by nothing", [0x41, 0, 0x40, 0, 0x1a]],
    ["a memory whose index is written in two bytes", [0x41, 0, 0x40, 0x80, 0, 0x1a]],
  ];
  test.each(cases)("%s is refused, and proved once it is written otherwise", (_, code) => {
    const wasm = onNumbers(code);
    expect(prove(wasm).ok).toBe(false);
    const { wasm: settled } = canonical(wasm);
    expect(prove(settled).findings).toEqual([]);
    expect(WebAssembly.validate(settled as BufferSource)).toBe(true);
    expect(hex(canonical(settled).wasm)).toBe(hex(settled));
  });

  const untouched: [string, number[]][] = [
    ["by a constant below 32", [0x41, 0x6e, 0x41, 31, 0x76, 0x1a]],
    ["of a local by a constant", [0x20, 0, 0x41, 33, 0x76, 0x1a]],
    ["of a constant by a local", [0x41, 0x6e, 0x20, 0, 0x76, 0x1a]],
    ["of a constant by what was loaded", [0x41, 0x6e, 0x41, 0, 0x28, 2, 0, 0x76, 0x1a]],
  ];
  test.each(untouched)("a shift %s is left alone", (_, code) => {
    const wasm = onNumbers(code);
    expect(prove(wasm).findings).toEqual([]);
    expect(hex(canonical(wasm).wasm)).toBe(hex(wasm));
  });
});

describe("a module of floats", () => {
  let open: Compiled;
  let closed: Uint8Array;
  let moved: (offset: number) => number;
  beforeAll(async () => {
    open = await compile({ entry: join(REPOSITORY, "test/games/torture.ts") });
    ({ wasm: closed, moved } = canonical(open.wasm));
  });

  test("is refused before and proved after, and is still a module", () => {
    expect(new Set(prove(open.wasm).findings.map(({ rule }) => rule))).toEqual(new Set(["float", "disputed"]));
    expect(prove(closed).findings).toEqual([]);
    expect(WebAssembly.validate(closed as BufferSource)).toBe(true);
  });

  test("is closed once: a second time changes nothing", () => {
    expect(hex(canonical(closed).wasm)).toBe(hex(closed));
  });

  test("keeps its schema, its names and every other section", () => {
    const [before, after] = [readModule(open.wasm), readModule(closed)];
    expect(readSchema(closed)).toEqual(readSchema(open.wasm));
    expect(after.functionNames).toEqual(before.functionNames);
    const contents = ({ customs }: typeof before) => customs.map(({ name, contents }) => [name, hex(contents)]);
    expect(contents(after)).toEqual(contents(before));
    const bodies = ({ bodies }: typeof before) => bodies.length;
    expect({ ...after, bodies: bodies(after), customs: [] }).toEqual({
      ...before,
      bodies: bodies(before),
      customs: [],
    });
  });

  test("has a map whose every entry points at the instruction it pointed at", () => {
    const before = offsetsOf(open.map);
    const after = offsetsOf(movedMap(open.map, moved));
    expect(after).toEqual(before.map(moved));
    expect(after.at(-1)! - before.at(-1)!).toBeGreaterThan(1000);
    const isWrittenOtherwise = (offset: number) => open.wasm[offset] === 0xfd && open.wasm[offset + 1] === 0x52;
    for (const offset of before)
      expect(closed[moved(offset)]).toBe(isWrittenOtherwise(offset) ? LOCAL_SET : open.wasm[offset]);
  });

  test("is proved within 50 ms", () => {
    const begin = performance.now();
    for (let i = 0; i < 10; i++) prove(closed);
    expect((performance.now() - begin) / 10).toBeLessThan(50);
  });
});

describe("what a game computes", () => {
  const NAN32 = 0x7fc00000;
  const NAN64 = 0x7ff8000000000000n;

  test("every NaN that the state shows is the canonical one, and every other number is what it was", async () => {
    const running = new Running(
      await buildSource(
        game(
          "zero: f32; zeros: f64; a: f32; b: f32; c: f32; d: f64; e: f64; bits: u32; long: u64; sign: f32; negative: f32;",
          `const zero = world.zero;
          world.a = zero / zero;
          world.b = -(zero / zero);
          world.c = <f32>(1.5 + zero);
          world.d = sqrt<f64>(world.zeros - 1);
          world.e = <f64>(zero / zero);
          world.bits = reinterpret<u32>(-sqrt<f32>(zero - 1));
          world.long = reinterpret<u64>(world.zeros / world.zeros);
          world.sign = copysign<f32>(3, zero / zero);
          world.negative = -zero * 5;`,
        ),
      ),
    );
    running.init();
    running.step();
    const { fields } = running.game.schema.classes.World!;
    const state = new DataView(running.state.buffer);
    const at = (name: string) => fields.find((field) => field.name === name)!.offset;
    for (const name of ["a", "b", "bits"]) expect(state.getUint32(at(name), true), name).toBe(NAN32);
    for (const name of ["d", "e", "long"]) expect(state.getBigUint64(at(name), true), name).toBe(NAN64);
    expect(state.getFloat32(at("c"), true)).toBe(1.5);
    expect(state.getFloat32(at("sign"), true)).toBe(3);
    expect(Object.is(state.getFloat32(at("negative"), true), -0)).toBe(true);
  });

  test("in each lane of a vector", async () => {
    const running = new Running(
      await buildSource(
        game(
          "lanes: Numbers<u32> = numbers<u32>(4); wide: Numbers<u64> = numbers<u64>(2);",
          `const x = f32x4(0, 1, -1, 4);
          const y = f32x4.sub(x, f32x4.splat(<f32>world.frame));
          v128.store(changetype<usize>(world.lanes), f32x4.div(f32x4.sqrt(y), y));
          const z = f64x2(-1, 9);
          v128.store(changetype<usize>(world.wide), f64x2.sqrt(f64x2.add(z, f64x2.splat(<f64>world.frame))));`,
        ),
      ),
    );
    running.init();
    running.step();
    const { fields } = running.game.schema.classes.World!;
    const at = (name: string) => fields.find((field) => field.name === name)!.offset;
    const lanes = new Uint32Array(running.state.buffer, at("lanes"), 4);
    expect([...lanes].map((lane) => lane.toString(16))).toEqual(["7fc00000", "3f800000", "7fc00000", "3f000000"]);
    expect([...new BigUint64Array(running.state.buffer, at("wide"), 2)]).toEqual([NAN64, 0x4008000000000000n]);
  });

  test("a NaN that a stranger sends is the canonical one as soon as it is kept", async () => {
    const source = game("kept: f32; sum: f32;", "world.kept = inputOf<Pad>(0).a; world.sum = inputOf<Pad>(0).a + 1;")
      .replace("{ arena,", "{ arena, inputOf,")
      .replace("a: u8", "a: f32");
    const running = new Running(await buildSource(source));
    running.init();
    running.press(0, 1, Uint8Array.of(0x45, 0x23, 0xc1, 0xff));
    running.step();
    const words = new Uint32Array(running.state.buffer, 4, 2);
    expect([...words]).toEqual([NAN32, NAN32]);
  });
});

describe("in a rewritten function", () => {
  const BEFORE = "world.a = world.a / world.a; world.b = sqrt<f32>(world.a) - 1; world.a = world.b * 3;\n";

  test("a trap names its line", async () => {
    const built = await buildSource(game("a: f32; b: f32; n: i32;", `${BEFORE}world.n = 1 / world.n;\n${BEFORE}`));
    const running = new Running(built);
    const error = (() => {
      try {
        running.step();
      } catch (thrown) {
        return thrown as Error;
      }
      throw new Error("it did not trap");
    })();
    const offset = Number.parseInt(/wasm-function\[\d+\]:(0x[0-9a-f]+)/.exec(error.stack!)![1]!, 16);
    const place = new SourceMap(built.sourceMap).locate(offset, 0, () => true);
    expect(place).toMatchObject({ file: "game.ts", line: 9 });
  });

  test("a finding names its line", async () => {
    const source = game("a: f32; b: f32;", `${BEFORE}world.frame += count; count++;\n${BEFORE}`);
    const message = await failureOf(buildSource(`let count = 0;${source}`));
    expect(message).toContain("'game/count' is a variable outside the state");
    expect(message).toContain("in game/step (game.ts:9:");
  });
});

test("a build says the same as the parts it is made of", async () => {
  const entry = join(REPOSITORY, "test/games/torture.ts");
  const [built, { wasm, map }] = [await compileGame({ entry }), await compile({ entry })];
  expect(hex(built.wasm)).toBe(hex(canonical(wasm).wasm));
  expect(built.sourceMap).toBe(movedMap(map, canonical(wasm).moved));
});
