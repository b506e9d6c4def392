// Managed games behind the same port: whole-memory snapshots, rollbacks, matches, replays, reports.
import { beforeAll, describe, expect, test } from "vitest";
import { readModule } from "../../src/proof/binary.js";
import { prove } from "../../src/proof/proof.js";
import { verifyReplay } from "../../src/replay/verify.js";
import { syncTest } from "../../src/session/timeline/sync-test.js";
import { compileCore } from "../../src/simulation/core.js";
import { Game, loadGame } from "../../src/simulation/game.js";
import { differences } from "../../src/simulation/schema.js";
import { stateView } from "../../src/simulation/view.js";
import { type BuiltGame, compileGame } from "../../src/toolchain/build.js";
import { playMatch } from "./match.js";
import { randomRollbacks } from "./rollbacks.js";

const CONFIG = { players: 2, seedLow: 5, seedHigh: 6, rules: new Uint8Array(0) };

describe.each(["incremental", "minimal"] as const)("a managed game on %s", (runtime) => {
  let built: BuiltGame;
  let game: Game;
  beforeAll(async () => {
    built = await compileGame({ entry: "test/games/colony.ts", runtime });
    game = await loadGame(built.wasm);
  }, 60_000);

  test("400 random rollbacks leave the same memory, hash for hash", async () => {
    const [straight, guessing] = await Promise.all([game.simulation(), game.simulation()]);
    expect(straight.stateBytes).toBe(2 * 65536);
    expect(randomRollbacks(straight, guessing, { frames: 400, players: 2, seed: 31 })).toEqual([]);
    const view = stateView(game.schema, game.schema.root, guessing.memory, game.schema.regions.state.address);
    expect(view).toMatchObject({ frame: 400, nests: [{ ants: 24 }, { ants: 24 }, { ants: 0 }, { ants: 0 }] });
  });

  test("without its globals the same goes wrong, and the proof says that it would", async () => {
    const wasm = forgetful(built.wasm);
    const { findings } = prove(wasm, "managed");
    expect(findings).toMatchObject([{ rule: "mutable-global", message: expect.stringContaining("/chronicle'") }]);
    await expect(loadGame(wasm)).rejects.toMatchObject({ code: "BAD_GAME" });
    const unproved = await unchecked(wasm, game);
    const [straight, guessing] = await Promise.all([unproved.simulation(), unproved.simulation()]);
    // It plays well enough as long as nothing is ever taken back.
    straight.reset(CONFIG);
    for (let frame = 0; frame < 40; frame++)
      expect(straight.step(new Uint8Array(2 * straight.cellBytes).fill(1))).toBe("stepped");
    const differing = () => randomRollbacks(straight, guessing, { frames: 40, players: 2, seed: 31 });
    // Either the memory differs, or the objects in it are no longer where the variables point, and the game traps.
    let wrong: number;
    try {
      wrong = differing().length;
    } catch {
      wrong = Number.POSITIVE_INFINITY;
    }
    expect(wrong).toBeGreaterThan(0);
  });

  test("is the same state 0 at every reset, on a used instance and on a new one", async () => {
    const [used, fresh] = await Promise.all([game.simulation(), game.simulation()]);
    for (let match = 0; match < 3; match++) {
      used.reset(CONFIG);
      used.save(match);
      for (let frame = 0; frame < 50; frame++) used.step(new Uint8Array(2 * used.cellBytes).fill(1));
    }
    fresh.reset(CONFIG);
    fresh.save(0);
    for (const slot of [0, 1, 2]) expect(Buffer.compare(used.copy(slot), fresh.copy(0))).toBe(0);
  });

  test("plays a match over a bad line in sync, and its replays verify", async () => {
    const { agreedEnd, rollbacks, desyncs, replays } = await playMatch(game, 8);
    expect(desyncs).toEqual([]);
    expect(agreedEnd).toBeGreaterThan(300);
    expect(rollbacks).toBeGreaterThan(20);
    const verifier = await game.simulation({ slots: 1 });
    for (const replay of replays) expect(verifyReplay(replay, verifier)).toMatchObject({ kind: "equal" });
  });

  test("passes SyncTest", async () => {
    const report = syncTest({
      simulation: await game.simulation(),
      config: CONFIG,
      frames: 120,
      input: (frame, seat, into) => {
        into.set([frame * (3 + seat), frame >> 2, 1]);
        return 3;
      },
    });
    expect(report).toEqual({ frames: 120, differences: [], trap: undefined });
  });

  test("a difference is told by the field that the arena names, and otherwise by region and address", async () => {
    const simulation = await game.simulation();
    simulation.reset(CONFIG);
    simulation.save(0);
    const { classes, root, regions } = game.schema;
    const frame = classes[root]!.fields.find(({ name }) => name === "frame")!.offset;
    const places = [frame, regions.globals!.address, regions.inputs.address + 8, simulation.stateBytes - 3];
    for (const at of places) simulation.flip(at, 1);
    simulation.save(1);
    const found = differences(game.schema, simulation.copy(0), simulation.copy(1));
    expect(found.map(({ path }) => path)).toEqual([
      `inputs at 0x${(regions.inputs.address + 8).toString(16)}`,
      "frame",
      `globals at 0x${regions.globals!.address.toString(16)}`,
      `memory at 0x${(simulation.stateBytes - 3).toString(16)}`,
    ]);
    expect(found[1]).toMatchObject({ before: "0", after: "1" });
    expect(found[3]).toMatchObject({ before: "00", after: "01" });
  });

  test("memory that is another one throughout is told in some lines, not in thousands", () => {
    const { size } = game.schema.regions.state;
    const [zeros, ones] = [new Uint8Array(size), new Uint8Array(size).fill(1)];
    const found = differences(game.schema, zeros, ones);
    expect(found.length).toBeLessThan(400);
    expect(found.at(-1)!.path).toMatch(/^memory from 0x[0-9a-f]+ on$/);
  });
});

/** The module with a `__globals_load` that does nothing: a snapshot of its memory alone. */
function forgetful(wasm: Uint8Array): Uint8Array {
  const module = readModule(wasm);
  const [index] = [...module.functionNames].find(([, name]) => name === "__globals_load")!;
  const { begin, end } = module.bodies[index]!;
  const changed = wasm.slice();
  changed.fill(0x01, begin + 1, end - 1); // nop, between the count of its locals and its end
  return changed;
}

/** A game that was never proved. */
async function unchecked(wasm: Uint8Array, proved: Game): Promise<Game> {
  const { readFile } = await import("node:fs/promises");
  const [module, coreModule] = await Promise.all([
    WebAssembly.compile(wasm as BufferSource),
    compileCore(await readFile("build/core.wasm")),
  ]);
  const { schema, gameHash, schemaHash, coreHash } = proved;
  return new Game({ wasm, schema, module, coreModule, gameHash, schemaHash, coreHash });
}
