// The mathematics of AssemblyScript's library in a game: all of it is compiled in, and hands results about in scratch variables only.
import { expect, test } from "vitest";
import { refused } from "./faulty-game.js";
import { buildSource, Running } from "./project.js";

const ONE = [
  ...["abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "ceil", "cos", "cosh", "exp", "exp2", "expm1"],
  ...[
    "floor",
    "fround",
    "log",
    "log10",
    "log1p",
    "log2",
    "round",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
  ],
];
const TWO = ["atan2", "hypot", "max", "min", "mod", "pow", "rem"];

/** Each function once, of arguments that make the large and small cases of each, and NaNs. */
function source(namespace: "Math" | "Mathf", type: "f64" | "f32"): string {
  const calls = [...ONE.map((name) => `${name}(x)`), ...TWO.map((name) => `${name}(x, y)`)];
  return `
    import { arena, Numbers, numbers } from "samestep/assembly/sdk";
    @input class Pad { a: u8; }
    @state class World { frame: i32; results: Numbers<${type}> = numbers<${type}>(${calls.length}); both: ${type}; }
    export const world = arena<World>();
    export function init(): void {}
    export function step(): void {
      const x: ${type} = (<${type}>world.frame - 50) * (world.frame % 3 == 0 ? 1e9 : 0.1);
      const y: ${type} = <${type}>world.frame * 0.25 - 3;
      ${calls.map((call, i) => `world.results.set(${i}, <${type}>${namespace}.${call});`).join("\n")}
      ${namespace}.sincos(x);
      world.both = ${namespace}.sincos_sin * ${namespace}.sincos_cos;
      world.frame++;
    }
  `;
}

test.each([["Math", "f64"] as const, ["Mathf", "f32"] as const])(
  "every function of %s but random builds and computes",
  async (namespace, type) => {
    const running = new Running(await buildSource(source(namespace, type)));
    const { offset } = running.game.schema.classes.World!.fields.find(({ name }) => name === "results")!;
    const size = type === "f64" ? 8 : 4;
    running.init();
    for (let frame = 0; frame < 100; frame++) running.step();
    const state = new DataView(running.state.buffer);
    const result = (index: number) =>
      type === "f64" ? state.getFloat64(offset + size * index, true) : state.getFloat32(offset + size * index, true);
    expect(result(ONE.indexOf("sin"))).toBeCloseTo(Math.sin(type === "f64" ? 49e9 : Math.fround(49e9)), 5);
    expect(result(ONE.indexOf("acos"))).toBeNaN();
  },
);

test("chance is refused, in both of them", async () => {
  for (const namespace of ["Math", "Mathf"])
    expect(await refused({ step: `world.frame = <i32>(${namespace}.random() * 100);` })).toContain(
      "Keep a Random in the state",
    );
});

test("so is the mathematics of the browser, which differs", async () => {
  expect(await refused({ step: "world.frame = <i32>JSMath.sin(world.frame);" })).toContain(
    "The game imports 'env.Math.sin'. The host's mathematics differs",
  );
});
