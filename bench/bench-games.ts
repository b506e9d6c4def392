// Games that only benches play: compiled once when a run begins, as `samestep build` would, and loaded by each part.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { type Game, loadGame } from "../src/simulation/game.js";
import { compileGame } from "../src/toolchain/build.js";

const NAMES = ["entities-4k", "entities-64k", "block", "block-16m", "words"] as const;
export type GameName = (typeof NAMES)[number];

const FOLDER = "bench/build/games";

/** Compiles bench/games/NAME.ts, all of them. */
export async function buildBenchGames(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const name of NAMES) {
    const { wasm } = await compileGame({ entry: `bench/games/${name}.ts`, sourceMap: false });
    await writeFile(`${FOLDER}/${name}.wasm`, wasm);
  }
}

export async function benchGame(name: GameName): Promise<Game> {
  return loadGame(await readFile(`${FOLDER}/${name}.wasm`));
}

export async function fighter(): Promise<Game> {
  return loadGame(await readFile("build/games/fighter.wasm"));
}
