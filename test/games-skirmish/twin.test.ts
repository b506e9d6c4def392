// The law of the kernels: eight lanes at a time compute what plain TypeScript computes one by one.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Battle } from "../../bench/strategy-battle.js";
import { loadGame } from "../../src/simulation/game.js";

// From a skirmish, where most cells are empty, to a crowd that fills vectors and rows of cells.
test.each([
  [40, 200],
  [600, 200],
  [6000, 140],
])("a battle of %i: every row of every unit is the twin's, after each of %i frames", async (units, frames) => {
  const battle = await Battle.create(await loadGame(await readFile("build/games/skirmish.wasm")), units);
  const before = battle.alive;
  battle.insistOnEqualTwin(frames);
  expect(battle.alive).toBeLessThan(before);
});
