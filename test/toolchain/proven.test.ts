// Every way a game can be refused by the determinism proof, from its source: the reason, and where it is written.
import { describe, expect, test } from "vitest";
import { type Parts, refused, SDK } from "./faulty-game.js";

describe("refused by the proof", () => {
  const cases: [string, Parts, string, string][] = [
    [
      "an import",
      { before: "declare function now(): i32;", step: "world.frame = now();" },
      "The game imports 'game.now'",
      "",
    ],
    ["Math.random", { step: "world.frame = <i32>reinterpret<i64>(Math.random());" }, "Keep a Random in the state", ""],
    ["a clock", { step: "world.frame = <i32>Date.now();" }, "Count frames in the state", ""],
    ["console.log", { step: "console.log('hit');" }, "Emit an @event instead", ""],
    [
      "a variable outside the state",
      { before: "let combo = 0;", step: "combo++; world.frame += combo;" },
      "'game/combo' is a variable outside the state",
      "game.ts:8:1",
    ],
    [
      "an exported variable",
      { before: "export let combo = 0;", step: "combo++;" },
      "'game/combo' is a variable outside the state",
      "game.ts:8:1",
    ],
    [
      "new",
      { before: "class P { x: i32 = 1; }", step: "world.frame += new P().x + load<i32>(changetype<usize>(new P()));" },
      "The game allocates memory",
      "",
    ],
    [
      "an array literal",
      { step: "const list = [world.frame, 2]; world.frame += list[world.frame & 1];" },
      "The game allocates memory",
      "in game/step (game.ts:",
    ],
    [
      "the maximum of vectors",
      { step: "v128.store(64, f32x4.max(v128.load(64), v128.load(80)));" },
      "f32x4.max of 0 and -0",
      "game.ts:8:",
    ],
    [
      "recursion",
      {
        after:
          "function deep(n: i32): i32 { if (n < 2) return n; world.frame += deep(n - 1); return deep(n - 2) + 1; }",
        step: "world.frame = deep(world.frame);",
      },
      "Recursion: game/deep → game/deep.",
      "game.ts:10:",
    ],
    [
      "a call through a variable",
      {
        before: "function a(): void { world.frame++; } function b(): void { world.frame--; }",
        step: "const act = world.frame & 1 ? a : b; act();",
      },
      "called through a variable",
      "game.ts:8:",
    ],
    ["code outside of functions", { after: "world.frame = 7;" }, "Move it into init()", "game.ts:10:"],
    ["a third exported function", { after: "export function hurt(): void { world.frame--; }" }, "exports 'hurt()'", ""],
    [
      "memory that grows",
      { step: "world.frame += memory.grow(1); new ArrayBuffer(world.frame);" },
      "The game allocates memory",
      "",
    ],
  ];
  test.each(cases)("%s", async (_, parts, reason, place) => {
    const message = await refused(parts);
    expect(message).toContain(reason);
    expect(message).toContain(place);
  });

  test("a constant that only code can compute is told as one, once, where it is declared", async () => {
    const message = await refused({
      imports: SDK.replace("arena,", "arena, mul,"),
      before: "const START = mul(fx(2), fx(3));",
      step: "world.frame = START;",
    });
    expect(message).toMatch(/^REFUSED 'game\/START' is computed by code that runs when the module is loaded\./);
    expect(message).toContain("in game.ts:5:7");
    expect(message.match(/REFUSED/g)).toHaveLength(1);
  });

  test("the compiler's own errors come with file, line and column", async () => {
    const message = await refused({ step: "world.frames = 1;" });
    expect(message).toContain("Property 'frames' does not exist on type 'game/World'");
    expect(message).toContain("game.ts(8,7)");
    expect(message).toMatch(/~~~/);
  });

  const hints: [string, Parts, string][] = [
    ["an index into Slots", { fields: "list: Slots<Vec> = slots<Vec>(2);", step: "world.list[0].x = 1;" }, "at(index)"],
    [
      "an index into Numbers",
      { fields: "list: Numbers<u8> = numbers<u8>(2);", step: "world.list[0] = 1;" },
      "set(index, value)",
    ],
    ["push", { fields: "list: Slots<Vec> = slots<Vec>(2);", step: "world.list.push(1);" }, "Its length is fixed"],
    ["an assigned object", { fields: "a: Vec; b: Vec;", step: "world.a = world.b;" }, "set their fields"],
    ["a float in a fixed", { fields: "a: Vec;", step: "world.a.x += 0.5;" }, "fx(0.5)"],
    [
      "for of",
      { fields: "list: Slots<Vec> = slots<Vec>(2);", step: "for (const v of world.list) v.x = 1;" },
      "Iterators. Count instead",
    ],
    ["a function without a type", { before: "function f() {}" }, "`: void` for none"],
    [
      "emit of an unmarked class",
      { before: "class Boom { x: i32 = 0; }", step: "emit<Boom>().x = 1;" },
      "an @event class",
    ],
    [
      "a wrong path of the SDK",
      { imports: SDK.replace("samestep/assembly/sdk", "samestep") },
      "'samestep/assembly/sdk'",
    ],
    ["a path with .js", { before: `import { x } from "./x.js";` }, "without its ending"],
  ];
  test.each(hints)("and with what to do instead: %s", async (_, parts, hint) => {
    expect(await refused(parts)).toMatch(
      new RegExp(`^ERROR (TS|AS)\\d+: .*${hint.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "m"),
    );
  });
});
