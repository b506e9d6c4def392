// Names for bytes, and the differences between states.

import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { differences, fieldAt, formatField, type Schema } from "../../src/simulation/schema.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/index.js";
import { REPOSITORY, Running } from "../toolchain/project.js";

let game: BuiltGame;
let schema: Schema;
beforeAll(async () => {
  game = await compileGame({ entry: join(REPOSITORY, "test/games/duel.ts") });
  schema = game.schema;
});

const state = () => new Uint8Array(schema.regions.state.size);
const code = (act: () => unknown): string | undefined => {
  try {
    act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe("fieldAt", () => {
  test("names the value a byte belongs to", () => {
    const path = (offset: number) => fieldAt(schema, "World", offset)?.path;
    // World: frame@0, padding, total@8, random@16, fighters@24 of 40 bytes each, heights@104, end 116 of 120.
    expect([0, 3, 8, 15, 16, 20].map(path)).toEqual(["frame", "frame", "total", "total", "random.hi", "random.lo"]);
    expect([24, 26, 27, 32, 36, 48, 63].map(path)).toEqual([
      "fighters[0].health",
      "fighters[0].stun",
      "fighters[0].alive",
      "fighters[0].position.x",
      "fighters[0].position.y",
      "fighters[0].motion[0]",
      "fighters[0].motion[15]",
    ]);
    expect([64, 79, 104, 115].map(path)).toEqual([
      "fighters[1].health",
      "fighters[1].position.y",
      "heights[0]",
      "heights[2]",
    ]);
  });

  test("says where the value starts", () => {
    expect(fieldAt(schema, "World", 79)).toMatchObject({ offset: 76, field: { name: "y", type: "i32", scale: 65536 } });
    expect(fieldAt(schema, "Vec", 5)).toMatchObject({ path: "y", offset: 4 });
  });

  test("knows no field in padding and outside", () => {
    for (const offset of [4, 7, 116, 119, 120, -1, 1e9]) expect(fieldAt(schema, "World", offset)).toBeUndefined();
  });

  test("agrees with itself over every byte: each value's bytes are its own", () => {
    const sizes = new Map<string, number>();
    for (let offset = 0; offset < 120; offset++) {
      const place = fieldAt(schema, "World", offset);
      if (place) sizes.set(`${place.path}@${place.offset}`, (sizes.get(`${place.path}@${place.offset}`) ?? 0) + 1);
    }
    expect(sizes.size).toBe(4 + 2 * (4 + 4 + 16) + 3);
    expect([...sizes.values()].reduce((sum, bytes) => sum + bytes)).toBe(120 - 4 - 4);
  });

  test("throws for a class the game has not", () => {
    expect(code(() => fieldAt(schema, "Nobody", 0))).toBe("UNKNOWN_FIELD");
    expect(code(() => fieldAt(schema, "constructor", 0))).toBe("UNKNOWN_FIELD");
  });
});

test("formatField writes numbers for people, fixed point with its raw bits", () => {
  const view = new DataView(new ArrayBuffer(8));
  const field = (type: string, more = {}) => ({ name: "x", offset: 0, type, kind: "number" as const, ...more });
  view.setInt32(0, 0x18000, true);
  expect(formatField(field("i32", { scale: 65536 }), view, 0)).toBe("1.50000 (0x00018000)");
  expect(formatField(field("i32"), view, 0)).toBe("98304");
  view.setInt32(0, -1, true);
  expect(formatField(field("i32", { scale: 65536 }), view, 0)).toBe("-0.00002 (0xffffffff)");
  expect(formatField(field("u16"), view, 0)).toBe("65535");
  expect(formatField(field("bool", { bool: true }), view, 0)).toBe("255 (a bool)");
  view.setUint8(0, 1);
  expect(formatField(field("bool", { bool: true }), view, 0)).toBe("true");
  view.setBigUint64(0, 2n ** 64n - 1n, true);
  expect(formatField(field("u64"), view, 0)).toBe("18446744073709551615");
  expect(formatField(field("i64"), view, 0)).toBe("-1");
  view.setFloat32(0, 0.5, true);
  expect(formatField(field("f32"), view, 0)).toBe("0.5 (0x3f000000)");
});

describe("differences", () => {
  test("equal states have none", () => {
    expect(differences(schema, state(), state())).toEqual([]);
  });

  test("every differing value is told once, in the order of the state, as formatted", () => {
    const [before, after] = [state(), state()];
    const view = new DataView(after.buffer);
    view.setUint32(0, 7, true);
    view.setInt32(72, 0x18000, true);
    view.setUint8(24 + 24 + 5, 9);
    view.setInt32(112, -65536, true);
    expect(differences(schema, before, after)).toEqual([
      { path: "frame", before: "0", after: "7" },
      { path: "fighters[0].motion[5]", before: "0", after: "9" },
      { path: "fighters[1].position.x", before: "0.00000 (0x00000000)", after: "1.50000 (0x00018000)" },
      { path: "heights[2]", before: "0.00000 (0x00000000)", after: "-1.00000 (0xffff0000)" },
    ]);
  });

  test("no differing byte goes untold: flipping any one of them gives one difference", () => {
    for (let offset = 0; offset < 120; offset++) {
      const after = state();
      after[offset] = 0x80;
      const found = differences(schema, state(), after);
      expect(found.length, `byte ${offset}`).toBe(1);
      expect(found[0]!.path).toBe(fieldAt(schema, "World", offset)?.path ?? `(padding at ${offset})`);
    }
  });

  test("states of another length are refused", () => {
    expect(code(() => differences(schema, state(), new Uint8Array(119)))).toBe("BAD_GAME");
  });

  test("of two real states names what the step changed", () => {
    const running = new Running(game);
    running.init();
    const before = running.state;
    running.press(0, 1, new Uint8Array([16, 0]));
    running.step();
    const paths = differences(schema, before, running.state).map(({ path }) => path);
    expect(paths).toContain("frame");
    expect(paths).toContain("fighters[1].health");
    expect(paths).toContain("fighters[1].mood");
    expect(paths).not.toContain("fighters[1].position.x");
  });
});
