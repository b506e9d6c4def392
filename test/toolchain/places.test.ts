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
function readAt(at: usize): i32 {
  return load<i32>(at);
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
  world.frame += readAt(changetype<usize>(world) + 8); // read for its caller
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

/** What `step` has of these instructions: where each comes from, by the comment of its line. */
function commentsOf(first: number, last: number): string[] {
  const places = new Places(wasm, map);
  const comments = sitesOf(first, last).map((site) => {
    const { function: name, file, line } = places.at(site);
    return `${name} ${places.linesOf(file!)[line! - 1]!.split("// ")[1]}`;
  });
  return [...new Set(comments)];
}

function sitesOf(first: number, last: number): number[] {
  const { bodies, exports } = readModule(wasm);
  const { begin, end } = bodies[exports.find(({ name }) => name === "step")!.index]!;
  const sites: number[] = [];
  walk(wasm, begin, end, (instruction, _, offset) => {
    if (instruction >= first && instruction <= last) sites.push(offset);
  });
  return sites;
}

const STORES = [0x36, 0x3e] as const;
const LOADS = [0x28, 0x28] as const;

describe("the place of a write", () => {
  it("is the line that says what to write, in the function of the source", () => {
    expect(commentsOf(...STORES)).toEqual([
      "step counted",
      "step told by its caller",
      "step read for its caller",
      "step what was inlined comes before it",
      "Steering.turn in a method",
      "step the dice of the SDK",
    ]);
  });

  it("is the function of the module where there is no map", () => {
    const [site] = sitesOf(...STORES);
    expect(new Places(wasm).at(site!)).toEqual({ function: "game/step" });
  });
});

describe("the place of a number", () => {
  it("is the line that asks for it, where a function of one line only loads it", () => {
    expect(commentsOf(...LOADS)).toContain("step read for its caller");
    expect(commentsOf(...LOADS).filter((comment) => comment.startsWith("readAt"))).toEqual([]);
  });
});
