// Where an instruction comes from, as its author would say it: past what was inlined, and past what only reaches memory.
import { beforeAll, describe, expect, it } from "vitest";
import { readModule } from "../../src/proof/binary.js";
import { walk } from "../../src/proof/opcodes.js";
import { Places } from "../../src/toolchain/places.js";
import { buildSource } from "./project.js";

const SOURCE = `
import { arena, inputOf, Random, seedLow } from "samestep/assembly/sdk";
@input class Pad { buttons: u8; }
@state class Body { x: i32; y: i32; }
@state class World { frame: i32; first: i32; second: i32; random: Random; body: Body; }
const world = arena<World>();
function putAt(at: usize, value: i32): void {
  store<i32>(at, value);
}
function doubled(value: i32): i32 {
  return value * 2;
}
class Steering {
  left: i32 = 0;
  static turn(body: Body, by: i32): void {
    body.y = body.y ^ by; // in a method
  }
}
export function init(): void {}
export function step(): void {
  world.frame++; // counted
  putAt(changetype<usize>(world) + 4, world.frame * 7); // told by its caller
  world.second = doubled(world.frame); // what was inlined comes before it
  Steering.turn(world.body, inputOf<Pad>(0).buttons);
  if (world.frame == 5) world.random.seed(seedLow(), 0); // the dice of the SDK
}
`;

let wasm: Uint8Array;
let map: string;

beforeAll(async () => {
  const built = await buildSource(SOURCE);
  wasm = built.wasm;
  map = built.sourceMap;
}, 60_000);

function storesOf(module: Uint8Array): number[] {
  const { bodies, exports } = readModule(module);
  const { begin, end } = bodies[exports.find(({ name }) => name === "step")!.index]!;
  const sites: number[] = [];
  walk(module, begin, end, (instruction, _, offset) => {
    if (instruction >= 0x36 && instruction <= 0x3e) sites.push(offset);
  });
  return sites;
}

describe("the place of a write", () => {
  it("is the line that says what to write, in the function of the source", () => {
    const places = new Places(wasm, map);
    const lines = storesOf(wasm).map((site) => {
      const { function: name, file, line } = places.at(site);
      return `${name} ${places.linesOf(file!)[line! - 1]!.split("// ")[1]}`;
    });
    expect([...new Set(lines)]).toEqual([
      "step counted",
      "step told by its caller",
      "step what was inlined comes before it",
      "Steering.turn in a method",
      "step the dice of the SDK",
    ]);
  });

  it("is the function of the module where there is no map", () => {
    const [site] = storesOf(wasm);
    expect(new Places(wasm).at(site!)).toEqual({ function: "game/step" });
  });
});
