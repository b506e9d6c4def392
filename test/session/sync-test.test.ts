// SyncTest: silent on a sound game, and precise on one whose state lies outside the arena.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { syncTest } from "../../src/session/timeline/sync-test.js";
import type { Game } from "../../src/simulation/game.js";
import { fighter, testGame } from "../games.js";

async function run(game: Game, frames: number, checkDistance = 8) {
  const random = new Random(1);
  return syncTest({
    simulation: await game.simulation(),
    config: { players: 2, seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) },
    frames,
    checkDistance,
    input: (_frame, _seat, into) => {
      into[0] = random.below(255);
      return 1;
    },
  });
}

describe("SyncTest", () => {
  it("finds nothing in games that keep their state in the arena", async () => {
    for (const game of [await testGame("scramble"), await fighter()]) {
      expect(await run(game, 600)).toEqual({ frames: 600, differences: [], trap: undefined });
    }
  });

  it("lists every frame and the field that a forgotten counter changes", async () => {
    const report = await run(await testGame("leaky"), 20, 3);
    expect(report.differences.map(({ frame }) => frame)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(report.differences[4]!.fields.map(({ path }) => path)).toEqual(["steps"]);
  });

  it("says where the game traps", async () => {
    const game = await testGame("leaky");
    const report = syncTest({
      simulation: await game.simulation(),
      config: { players: 1, seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) },
      frames: 20,
      input: (frame, _seat, into) => {
        into[0] = frame === 7 ? 255 : 0;
        return 1;
      },
    });
    expect(report.trap?.frame).toBe(7);
    expect(report.trap?.why).toContain("the button that breaks the game");
  });

  it("refuses a distance that the ring does not reach", async () => {
    await expect(run(await testGame("leaky"), 10, 64)).rejects.toThrow("a check distance lies in [1, 63], not 64");
  });
});
