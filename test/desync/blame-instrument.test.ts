// The instrumented copy of a game: it computes what the game computes, and its log has every write, whatever wrote it.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { instrument, type Logged } from "../../src/desync/blame/instrument.js";
import { HEADER } from "../../src/desync/blame/log-helpers.js";
import { trace } from "../../src/desync/blame/trace.js";
import { type GameCode, rerun, type Write } from "../../src/desync/blame/write-log.js";
import { prove } from "../../src/proof/proof.js";
import { type Game, loadGame } from "../../src/simulation/game.js";
import type { Schema } from "../../src/simulation/schema.js";
import { compileGame } from "../../src/toolchain/build.js";
import { assemble } from "../proof/module.js";
import { matchOf } from "./matches.js";
import type { MutantGame } from "./mutants.js";

const FRAMES = 600;
/** A frame of the strategy game computes some hundred thousand numbers, each of which is a call. */
const FRAMES_OF_VALUES = { fighter: FRAMES, skirmish: 20 } as const;
const LOG_PAGES = 400;

async function built(name: "fighter" | "skirmish"): Promise<Game> {
  return loadGame(await readFile(`build/games/${name}.wasm`));
}

interface Copy {
  readonly memory: WebAssembly.Memory;
  readonly init: () => void;
  readonly step: () => void;
}

/** Plays a match in the instrumented copy and in the game; the first frame whose states differ. */
async function firstDifference(
  name: MutantGame,
  game: Game,
  what: Logged,
  frames: number,
): Promise<number | undefined> {
  const match = await matchOf(name, game);
  const { wasm, base, logBytes } = instrument(game.wasm, what, LOG_PAGES);
  const copy = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource)).exports as unknown as Copy;
  const memory = new Uint8Array(copy.memory.buffer);
  const header = new DataView(copy.memory.buffer, base, HEADER.bytes);
  const { state, inputs, events } = game.schema.regions;
  const simulation = await game.simulation({ slots: 1 });
  simulation.reset(match.config);
  simulation.save(0);
  new Uint8Array(simulation.memory.buffer).forEach((byte, at) => {
    memory[at] = byte;
  });
  const records = match.records();
  for (let frame = 0; frame < frames; frame++) {
    const record = records.next().value!;
    header.setUint32(HEADER.cursor, base + HEADER.bytes, true);
    header.setUint32(HEADER.end, base + logBytes, true);
    memory.set(record, inputs.address);
    memory.fill(0, events.address, events.address + 4);
    copy.step();
    simulation.step(record);
    simulation.save(0);
    const mine = memory.subarray(state.address, state.address + state.size);
    if (Buffer.compare(mine, simulation.core.slot(0)) !== 0) return frame;
    expect(header.getUint32(HEADER.cursor, true)).toBeGreaterThan(base + HEADER.bytes);
  }
  return undefined;
}

describe("an instrumented game", () => {
  it.each(["fighter", "skirmish"] as const)("comes to the same states in every frame: the %s", async (name) => {
    const game = await built(name);
    expect(await firstDifference(name, game, "writes", FRAMES)).toBeUndefined();
    expect(await firstDifference(name, game, "values", FRAMES_OF_VALUES[name])).toBeUndefined();
  });

  it("has no import, and a memory of one size: an engine has nothing to add to it", async () => {
    const { wasm } = instrument((await built("fighter")).wasm, "values", 1);
    expect(prove(wasm).findings).toEqual([]);
  });
});

const SCHEMA = {
  kind: "arena",
  regions: {
    state: { address: 1024, size: 256 },
    config: { address: 0, size: 16 },
    inputs: { address: 16, players: 1, stride: 16, bytesMax: 8 },
    events: { address: 64, size: 64 },
    trap: { address: 128, size: 20 },
    phase: { address: 160, size: 4 },
  },
} as unknown as Schema;

const CONFIG = { players: 1, seedLow: 0, seedHigh: 0, rules: new Uint8Array(0) };
const START = Uint8Array.from({ length: 256 }, (_, i) => i);

/** One step of these instructions, upon a state of which every byte is its own place. */
function stepOf(code: number[], parts: Parameters<typeof assemble>[0] = {}) {
  const game: GameCode = { wasm: assemble({ ...parts, step: code }), schema: SCHEMA, gameHash: "" };
  return rerun(game, { config: CONFIG, frame: { state: START, record: new Uint8Array(16) } });
}

const i32 = (value: number): number[] => [0x41, ...sleb(value)];
/** Signed, of two bytes, which every engine reads. */
const sleb = (value: number): number[] => [(value & 0x7f) | 0x80, ((value >> 7) & 0x7f) | 0x80, (value >> 14) & 0x7f];
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const plain = ({ address, before, after }: Write) => [address, hex(before), hex(after)];
const V128 = [0xfd, 12, ...Array.from({ length: 16 }, (_, i) => 0xf0 + i)];

describe("the log of a step", () => {
  const at = i32(1024 + 32);
  const stores: [string, number[], number, string][] = [
    ["i32.store", [...at, ...i32(0x1234), 0x36, 2, 0], 1056, "34120000"],
    ["i64.store", [...at, 0x42, 1, 0x37, 3, 0], 1056, "0100000000000000"],
    ["f32.store", [...at, 0x43, 0, 0, 0x80, 0x3f, 0x38, 2, 0], 1056, "0000803f"],
    ["f64.store", [...at, 0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x39, 3, 0], 1056, "000000000000f03f"],
    ["i32.store8 with a displacement", [...at, ...i32(0x1234), 0x3a, 0, 5], 1061, "34"],
    ["i32.store16", [...at, ...i32(0x1234), 0x3b, 1, 0], 1056, "3412"],
    ["i64.store8", [...at, 0x42, 1, 0x3c, 0, 0], 1056, "01"],
    ["i64.store16", [...at, 0x42, 1, 0x3d, 1, 0], 1056, "0100"],
    ["i64.store32", [...at, 0x42, 1, 0x3e, 2, 0], 1056, "01000000"],
    ["v128.store", [...at, ...V128, 0xfd, 11, 4, 0], 1056, "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"],
    ["v128.store8_lane", [...at, ...V128, 0xfd, 0x58, 0, 1, 15], 1057, "ff"],
    ["v128.store16_lane", [...at, ...V128, 0xfd, 0x59, 1, 0, 1], 1056, "f2f3"],
    ["v128.store32_lane", [...at, ...V128, 0xfd, 0x5a, 2, 0, 3], 1056, "fcfdfeff"],
    ["v128.store64_lane", [...at, ...V128, 0xfd, 0x5b, 3, 0, 1], 1056, "f8f9fafbfcfdfeff"],
    ["memory.fill", [...at, ...i32(7), ...i32(3), 0xfc, 11, 0], 1056, "070707"],
    ["memory.copy", [...at, ...i32(1024 + 1), ...i32(3), 0xfc, 10, 0, 0], 1056, "010203"],
  ];
  it.each(stores)("has what %s wrote, and what was there", (_, code, address, after) => {
    const { writes, state } = stepOf(code);
    const bytes = after.length / 2;
    const old = hex(START.subarray(address - 1024, address - 1024 + bytes));
    expect(writes.map(plain)).toEqual([[address, old, after]]);
    expect(hex(state.subarray(address - 1024, address - 1024 + bytes))).toBe(after);
  });

  it("has what memory.init wrote", () => {
    const data = [[1, 2, 0xab, 0xcd]];
    const { writes } = stepOf([...at, ...i32(1), ...i32(1), 0xfc, 8, 0, 0], { data });
    expect(writes.map(plain)).toEqual([[1056, "20", "cd"]]);
  });

  it("names the instruction by its place in the game's own module", () => {
    const code = [...at, ...i32(1), 0x3a, 0, 0, ...at, ...i32(2), 0x3a, 0, 1];
    const wasm = assemble({ step: code });
    const sites = stepOf(code).writes.map(({ site }) => hex(wasm.subarray(site, site + 3)));
    expect(sites).toEqual(["3a0000", "3a0001"]);
  });

  it("leaves out a fill of no bytes, and the game's memory seems no larger than it is", () => {
    expect(stepOf([...at, ...i32(7), ...i32(0), 0xfc, 11, 0]).writes).toEqual([]);
    const [write] = stepOf([...at, 0x3f, 0, 0x36, 2, 0]).writes;
    expect(hex(write!.after)).toBe("01000000");
  });

  it("ends where the game stops: a write beyond its memory is none, though the copy has room", () => {
    const beyond = [...at, ...i32(1), 0x3a, 0, 0, ...i32(65_535), ...i32(1), 0x36, 2, 0];
    const { trapped, writes } = stepOf(beyond);
    expect({ trapped, writes: writes.length }).toEqual({ trapped: true, writes: 1 });
    const copied = stepOf([...at, ...i32(65_535), ...i32(2), 0xfc, 10, 0, 0]);
    expect({ trapped: copied.trapped, writes: copied.writes.length }).toEqual({ trapped: true, writes: 0 });
  });

  it("that is full is begun again with a larger one", () => {
    // Each fill logs itself twice over: 200 of them are more than the first log has.
    const fill = [...i32(2000), ...i32(7), ...i32(20_000), 0xfc, 11, 0];
    const { writes, trapped } = stepOf(Array.from({ length: 200 }, () => fill).flat());
    expect({ writes: writes.length, trapped }).toEqual({ writes: 200, trapped: false });
  });

  it("that is full says so, and is never overrun", () => {
    const { wasm, base, logBytes } = instrument(
      assemble({ step: [...i32(0), ...i32(7), ...i32(40_000), 0xfc, 11, 0] }),
      "writes",
      1,
    );
    const copy = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource)).exports as unknown as Copy;
    const header = new DataView(copy.memory.buffer, base, HEADER.bytes);
    header.setUint32(HEADER.cursor, base + HEADER.bytes, true);
    header.setUint32(HEADER.end, base + logBytes, true);
    expect(() => copy.step()).toThrow(WebAssembly.RuntimeError);
    expect(header.getUint32(HEADER.full, true)).toBe(1);
    expect(header.getUint32(HEADER.cursor, true)).toBe(base + HEADER.bytes);
  });
});

describe("a trace", () => {
  it("has every number that is computed, and each write in its place among them", () => {
    const code = [...i32(1056), ...i32(5), ...i32(7), 0x6c, 0x36, 2, 0, ...i32(1056), 0x28, 2, 0, 0x45, 0x1a];
    const game: GameCode = { wasm: assemble({ step: code }), schema: SCHEMA, gameHash: "" };
    const { length, lows, writes } = trace(game, {
      config: CONFIG,
      frame: { state: START, record: new Uint8Array(16) },
    })!;
    expect(Array.from({ length }, (_, i) => [lows[i], writes[i]])).toEqual([
      [35, 0],
      [35, 1],
      [35, 0],
      [0, 0],
    ]);
  });
});

describe("a managed game", () => {
  it("is played again from its whole memory, heap and variables included", async () => {
    const { wasm } = await compileGame({ entry: "test/games/colony.ts", runtime: "minimal" });
    const game = await loadGame(wasm);
    const simulation = await game.simulation({ slots: 1 });
    const config = { ...CONFIG, seedLow: 3 };
    const record = new Uint8Array(game.schema.regions.inputs.stride).fill(1, 0, 1).fill(3, 2, 3).fill(1, 8, 11);
    simulation.reset(config);
    for (let frame = 0; frame < 30; frame++) {
      simulation.save(0);
      const state = simulation.copy(0);
      simulation.step(record);
      simulation.save(0);
      if (frame % 10 !== 0) continue;
      const found = rerun(game, { config, frame: { state, record } });
      expect(found.writes.length).toBeGreaterThan(0);
      expect(Buffer.compare(found.state, simulation.copy(0))).toBe(0);
    }
  }, 60_000);
});
