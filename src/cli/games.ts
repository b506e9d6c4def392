// Reads game builds: the one that is named, or the one that a replay was recorded with.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SamestepError } from "../error.js";
import { type Game, loadGame } from "../simulation/game.js";

/** The demo's own games, as they are shipped: beside the demo page. */
const OWN_GAMES = join(dirname(fileURLToPath(import.meta.url)), "../../demo");

/** How every WebAssembly module begins. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

export async function readGame(path: string): Promise<Game> {
  let wasm: Uint8Array;
  try {
    wasm = await readFile(path);
  } catch {
    throw new SamestepError(
      "BAD_GAME",
      `cannot read the game ${path}: build it with samestep build, or check the path`,
    );
  }
  return gameOf(path, wasm);
}

/** The game that a file's bytes are. @throws SamestepError which file is none, and why: a command may be given two. */
export async function gameOf(path: string, wasm: Uint8Array): Promise<Game> {
  try {
    return await loadGame(wasm);
  } catch (error) {
    if (!(error instanceof SamestepError)) throw error;
    throw new SamestepError(error.code, `${path}: ${error.message}`);
  }
}

export function isModule(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => byte === bytes[i]);
}

/** Games by hash, from the places where builds lie: each is loaded once, when first asked for. */
export class GameShelf {
  readonly #folders: string[];
  readonly #loaded = new Map<string, Game | undefined>();

  constructor(folders: string[]) {
    this.#folders = [...folders, ".", "build/games", OWN_GAMES];
  }

  async find(gameHash: string): Promise<Game | undefined> {
    for (const game of this.#loaded.values()) if (game?.gameHash === gameHash) return game;
    for (const folder of this.#folders) {
      for (const path of await wasmFiles(folder)) {
        if (!this.#loaded.has(path)) this.#loaded.set(path, await readGame(path).catch(() => undefined));
        const game = this.#loaded.get(path);
        if (game?.gameHash === gameHash) return game;
      }
    }
    return undefined;
  }
}

async function wasmFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".wasm")).map((name) => join(folder, name));
}
