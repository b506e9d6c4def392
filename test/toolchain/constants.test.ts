// fx outside of functions: folded into the number it is inside of them.
import { expect, test } from "vitest";
import { buildSource, Running } from "./project.js";

const HEAD = `
  import { arena, fixed, fx, fx as f, Numbers, numbers } from "samestep/assembly/sdk";
  import * as sdk from "samestep/assembly/sdk";
  @input class Pad { a: u8; }
  @state class World { inside: Numbers<fixed> = numbers<fixed>(32); outside: Numbers<fixed> = numbers<fixed>(32); frame: i32; }
  const world = arena<World>();
  export function init(): void {}
`;

/** Both arrays of the state after one step. */
async function stepped(source: string): Promise<{ inside: number[]; outside: number[] }> {
  const running = new Running(await buildSource(HEAD + source));
  running.step();
  const { classes, regions } = running.game.schema;
  const read = (name: string) => {
    const { offset, count } = classes.World!.fields.find((field) => field.name === name)!;
    return Array.from({ length: count! }, (_, i) =>
      running.view.getInt32(regions.state.address + offset + 4 * i, true),
    );
  };
  return { inside: read("inside"), outside: read("outside") };
}

test("a constant has the value that fx has at run time", async () => {
  const values = [
    ...[
      "0",
      "1",
      "-1",
      "0.86",
      "-0.25",
      "1.0 / 3.0",
      "-2 / 3",
      "1 / 4",
      "32767.99999",
      "-32768",
      "1e-5",
      "0x10",
      "1_000.5",
    ],
    // Halfway between two: to the even one, on both sides of zero.
    ...["0.5 / 65536", "1.5 / 65536", "-0.5 / 65536", "-2.5 / 65536"],
    ...["A / B", "A / C", "-C * 2 + 0.125"],
  ];
  const { inside, outside } = await stepped(`
    const A = 7; const B = 2; const C: f64 = 3.0;
    ${values.map((value, i) => `const V${i} = fx(${value});`).join("\n")}
    export function step(): void {
      ${values.map((value, i) => `world.outside.set(${i}, V${i}); world.inside.set(${i}, fx(${value}));`).join("\n")}
    }
  `);
  expect(outside).toEqual(inside);
  expect(outside.slice(3, 6)).toEqual([56361, -16384, 21845]);
  expect(outside.slice(13, 17)).toEqual([0, 2, 0, -2]);
});

test("wherever it stands and by whatever name it is imported", async () => {
  const { outside } = await stepped(`
    const SUM: fixed = -fx(0.25) * 3 + f(0.5);
    const NAMED = sdk.fx(2);
    const TABLE = memory.data<i32>([fx(1), fx(-2.5)]);
    const LIST: StaticArray<fixed> = [fx(1), fx(-1.5)];
    class Speeds { static readonly run: fixed = fx(3.5); }
    enum Sizes { small = fx(1), large }
    export function step(): void {
      world.frame++;
      world.outside.set(0, SUM);
      world.outside.set(1, NAMED);
      world.outside.set(2, load<i32>(TABLE, 4));
      world.outside.set(3, LIST[world.frame]);
      world.outside.set(4, Speeds.run);
      world.outside.set(5, Sizes.large);
    }
  `);
  expect(outside.slice(0, 6).map((value) => value / 65536)).toEqual([-0.25, 2, -2.5, -1.5, 3.5, 1 + 1 / 65536]);
});

test("an fx of the author's own stays what it is", async () => {
  const { outside } = await stepped(`
    namespace own { export function fx(value: i32): i32 { return value; } }
    export function step(): void { world.outside.set(0, own.fx(3)); }
  `);
  expect(outside[0]).toBe(3);
});
