// The games that tests play: compiled once for each test file that asks.
import { readFile } from "node:fs/promises";
import { type Game, loadGame } from "../src/simulation/game.js";
import { compileGame } from "../src/toolchain/build.js";

export async function testGame(
  name: "scramble" | "parley" | "scroll" | "leaky" | "slow" | "bulk" | "vast" | "churn" | "truant",
): Promise<Game> {
  return loadGame((await compileGame({ entry: `test/games/${name}.ts` })).wasm);
}

/** As `npm run build` made it. */
export async function fighter(): Promise<Game> {
  return loadGame(await readFile("build/games/fighter.wasm"));
}

export async function skirmish(): Promise<Game> {
  return loadGame(await readFile("build/games/skirmish.wasm"));
}
