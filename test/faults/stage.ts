// The games of these matches, and the machines that play them: compiled once, and used again and again.
import { readFile } from "node:fs/promises";
import { loadGame, type WasmSimulation } from "../../src/simulation/game.js";
import { compileGame } from "../../src/toolchain/build.js";
import type { GameName } from "./kinds.js";
import type { Stage } from "./live.js";

export type Modules = Record<GameName, Uint8Array>;

/** Both demo games as `npm run build` made them, and a game that is full of NaNs. */
export async function compileGames(): Promise<Modules> {
  const [fighter, skirmish, torture] = await Promise.all([
    readFile("build/games/fighter.wasm"),
    readFile("build/games/skirmish.wasm"),
    compileGame({ entry: "test/games/torture.ts" }),
  ]);
  return { fighter, skirmish, torture: torture.wasm };
}

export async function stageOf(modules: Modules): Promise<Stage> {
  const entries = Object.entries(modules).map(async ([name, wasm]) => [name, await loadGame(wasm)] as const);
  const games = Object.fromEntries(await Promise.all(entries)) as Stage["games"];
  const machines = new Map<string, Promise<WasmSimulation>>();
  return {
    games,
    machines: (name, place) => {
      const key = `${name} ${place}`;
      const known = machines.get(key);
      if (known !== undefined) return known;
      const made = games[name].simulation();
      machines.set(key, made);
      return made;
    },
  };
}
