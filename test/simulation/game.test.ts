// Loading a game: one identity whatever the file is called, and no instance of a module that could desync.
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readModule } from "../../src/proof/binary.js";
import { loadGame } from "../../src/simulation/game.js";
import { SCHEMA_SECTION } from "../../src/simulation/schema.js";
import { compileGame } from "../../src/toolchain/build.js";
import { testGame } from "../games.js";

describe("a game", () => {
  it("is the same build under another file name, and another one after a change", async () => {
    const entry = "test/games/scramble.ts";
    const [a, b] = await Promise.all(
      ["one", "another"].map(async (name) => loadGame((await compileGame({ entry, name })).wasm)),
    );
    const other = await testGame("leaky");
    expect(a!.gameHash).toBe(b!.gameHash);
    expect(a!.gameHash).not.toBe(other.gameHash);
    expect(a!.schemaHash).not.toBe(other.schemaHash);
  });

  it("is refused when it imports anything, before it is instantiated", async () => {
    // (module (import "env" "now" (func (result f64))) (memory 1 1))
    const hex = "0061736d01000000 0105016000017c 020b0103656e76036e6f770000 050401010101".replaceAll(" ", "");
    const { wasm } = await testGame("scramble");
    const schema = readModule(wasm).customs.find(({ name }) => name === SCHEMA_SECTION)!;
    const module = Buffer.concat([Buffer.from(hex, "hex"), wasm.subarray(schema.begin, schema.end)]);
    await expect(loadGame(module)).rejects.toMatchObject({
      code: "BAD_GAME",
      message: expect.stringContaining("env.now"),
    });
  });

  it("is not taken for one when it is something else", async () => {
    for (const bytes of [Buffer.from("{}"), Buffer.alloc(0), await readFile("build/core.wasm")]) {
      await expect(loadGame(bytes)).rejects.toThrow("this is not a Samestep game");
    }
  });

  it("makes simulations that do not share memory, and reset to the same state", async () => {
    const game = await testGame("scramble");
    const [a, b] = await Promise.all([game.simulation(), game.simulation()]);
    const config = { players: 2, seedLow: 5, seedHigh: 6, rules: new Uint8Array(0) };
    a.reset(config);
    b.reset(config);
    a.save(0);
    for (let i = 0; i < 10; i++) a.step(new Uint8Array(2 * a.cellBytes));
    b.save(0);
    expect(b.copy(0)).toEqual(a.copy(0));
    a.save(1);
    expect(a.copy(1)).not.toEqual(a.copy(0));
    a.reset(config);
    a.save(1);
    expect(a.copy(1)).toEqual(a.copy(0));
  });

  it("begins every match with the memory that its compiler made, whatever the one before wrote outside the state", async () => {
    const simulation = await (await testGame("leaky")).simulation();
    const config = { players: 2, seedLow: 5, seedHigh: 6, rules: new Uint8Array(0) };
    const play = () => {
      simulation.reset(config);
      for (let i = 0; i < 10; i++) simulation.step(new Uint8Array(2 * simulation.cellBytes));
      simulation.save(0);
      return simulation.copy(0);
    };
    const first = play();
    expect(play()).toEqual(first);
  });

  it("refuses rules that are longer than its own", async () => {
    const simulation = await (await testGame("scramble")).simulation();
    const config = { players: 2, seedLow: 5, seedHigh: 6, rules: new Uint8Array(100) };
    expect(() => simulation.reset(config)).toThrow("bytes of rules, not 100");
  });
});
