// The modules of the games that are played: apart from the threads that play them, which need no compiler.
import { readFile } from "node:fs/promises";
import { testModule } from "../games.js";
import type { Modules } from "./stage.js";

/** Both demo games as `npm run build` made them, and a game that is full of NaNs. */
export async function compileGames(): Promise<Modules> {
  const [fighter, skirmish, torture] = await Promise.all([
    readFile("build/games/fighter.wasm"),
    readFile("build/games/skirmish.wasm"),
    testModule("torture"),
  ]);
  return { fighter, skirmish, torture };
}
