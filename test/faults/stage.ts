// The games of these matches, and the machines that play them: made once, and used again and again.
import { loadGame, type WasmSimulation } from "../../src/simulation/game.js";
import type { GameName } from "./kinds.js";
import type { Stage } from "./live.js";

export type Modules = Record<GameName, Uint8Array>;

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
