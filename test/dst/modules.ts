// The modules of the games that are played: apart from the threads that play them, which need no compiler.
import { readFile } from "node:fs/promises";
import { testModule } from "../games.js";
import type { Modules } from "./run.js";

export async function compileGames(): Promise<Modules> {
  const [fighter, scramble, parley, scroll] = await Promise.all([
    readFile("build/games/fighter.wasm"),
    testModule("scramble"),
    testModule("parley"),
    testModule("scroll"),
  ]);
  return { fighter, scramble, parley, scroll };
}
