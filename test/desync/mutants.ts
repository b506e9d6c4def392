// A corpus of planted faults: one line of a game's source changed, and the game built with it.
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Game, loadGame } from "../../src/simulation/game.js";
import { compileGame } from "../../src/toolchain/build.js";

export type MutantGame = "fighter" | "skirmish" | "scramble" | "duel";

export interface Mutant {
  readonly game: MutantGame;
  /** The file among the game's, without its ending. */
  readonly file: string;
  /** Stands once in the file, within one line. */
  readonly from: string;
  readonly to: string;
}

/** A constant changed, a comparison flipped, an off-by-one, a forgotten line, a swapped operand: wherever the games play. */
export const MUTANTS: readonly Mutant[] = [
  { game: "fighter", file: "physics", from: "me.velocity.y -= hundredths(characterOf(me.character).gravity);", to: "" },
  { game: "fighter", file: "physics", from: "(room - gap * side + 1) >> 1", to: "(room - gap * side) >> 1" },
  { game: "fighter", file: "physics", from: "(push * PUSH_LEFT_OVER) / 100", to: "(push * 85) / 100" },
  { game: "fighter", file: "controls", from: "me.wanted |= <u16>pressed", to: "me.wanted = <u16>held" },
  { game: "fighter", file: "controls", from: "world.frame - age)", to: "world.frame + age)" },
  { game: "fighter", file: "blows", from: "100 - combo * SCALING_STEP", to: "101 - combo * SCALING_STEP" },
  {
    game: "fighter",
    file: "acting",
    from: "frame < activeEnd + move.recovery",
    to: "frame <= activeEnd + move.recovery",
  },
  { game: "fighter", file: "combat", from: "|| frame >= move.active ||", to: "|| frame + 1 >= move.active ||" },
  { game: "fighter", file: "rounds", from: "world.timer--;", to: "" },
  { game: "fighter", file: "throws", from: "!= 0 ? 1 : 0;", to: "!= 0 ? 0 : 1;" },
  { game: "skirmish", file: "workers", from: "LOAD + tools * TOOLS_LOAD", to: "LOAD + 1 + tools * TOOLS_LOAD" },
  { game: "skirmish", file: "march", from: "speed * 3 > wanted", to: "speed * 3 >= wanted" },
  { game: "skirmish", file: "economy", from: "purse.ore -= price", to: "purse.ore -= price - 1" },
  { game: "skirmish", file: "sight", from: "mark(cellOf(unitIn(place)),", to: "mark(cellOf(unitIn(place)) + 1," },
  { game: "skirmish", file: "targets", from: "about == Order.Advance ||", to: "about == Order.Gather ||" },
  {
    game: "skirmish",
    file: "course",
    from: "seat.units == 0 : seat.bases == 0",
    to: "seat.units == 0 : seat.bases <= 1",
  },
  {
    game: "scramble",
    file: "scramble",
    from: "(you.position.x - me.position.x)",
    to: "(me.position.x - you.position.x)",
  },
  { game: "scramble", file: "scramble", from: "at < 0 ? at + field", to: "at < 0 ? field" },
  { game: "duel", file: "duel", from: "you.stun = 12 + ", to: "you.stun = 13 + " },
  { game: "duel", file: "duel", from: "you.health > 0;", to: "you.health < 0;" },
];

export interface BuiltMutant {
  readonly game: Game;
  readonly sourceMap: string;
  /** The changed line, counted from one; undefined where nothing was changed. */
  readonly line: number | undefined;
}

const ENTRIES: Readonly<Record<MutantGame, string>> = {
  fighter: "assembly/games/fighter/index.ts",
  skirmish: "assembly/games/skirmish/index.ts",
  scramble: "test/games/scramble.ts",
  duel: "test/games/duel.ts",
};

/** Compiled mutants, by all that they are made of: compiling takes seconds each. */
const SHELF = "build/blame";

/** The game with the fault, or without one. */
export async function buildMutant(name: MutantGame, mutant?: Mutant): Promise<BuiltMutant> {
  const folder = await mkdtemp(join(tmpdir(), "samestep-mutant-"));
  try {
    await cp("assembly", join(folder, "assembly"), { recursive: true });
    await cp("test/games", join(folder, "test/games"), { recursive: true });
    await writeFile(join(folder, "package.json"), "{}");
    const line = mutant && (await plant(folder, mutant));
    return { ...(await built(name, folder, await digestOf(folder))), line };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function plant(folder: string, { game, file, from, to }: Mutant): Promise<number> {
  const path = join(folder, ENTRIES[game].replace(/[^/]+$/, `${file}.ts`));
  const [head, tail, ...more] = (await readFile(path, "utf8")).split(from);
  if (tail === undefined || more.length > 0) throw new Error(`'${from}' stands ${more.length + 1} times in ${path}`);
  await writeFile(path, head + to + tail);
  return head!.split("\n").length;
}

async function built(name: MutantGame, folder: string, digest: string): Promise<Omit<BuiltMutant, "line">> {
  const [wasmPath, mapPath] = [`${SHELF}/${name}-${digest}.wasm`, `${SHELF}/${name}-${digest}.wasm.map`];
  const kept = await readFile(mapPath, "utf8").catch(() => undefined);
  if (kept !== undefined) return { game: await loadGame(await readFile(wasmPath)), sourceMap: kept };
  const { wasm, sourceMap } = await compileGame({ entry: join(folder, ENTRIES[name]) });
  await mkdir(SHELF, { recursive: true });
  await writeFile(wasmPath, wasm);
  await writeFile(mapPath, sourceMap); // last, since it says that the module is whole
  return { game: await loadGame(wasm), sourceMap };
}

/** Of the sources, and of the toolchain that compiles them. */
async function digestOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const root of [join(folder, "assembly"), join(folder, "test/games"), "src/toolchain", "src/proof"]) {
    const entries = await readdir(root, { withFileTypes: true, recursive: true });
    for (const path of entries
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name))
      .sort())
      hash.update(path.replace(folder, "")).update(await readFile(path));
  }
  return hash.digest("hex").slice(0, 16);
}
