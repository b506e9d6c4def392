// The games that tests play: compiled when what they are made of has changed, and kept in build/test-games until then.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Game, loadGame } from "../src/simulation/game.js";

export type TestGame =
  | "scramble"
  | "parley"
  | "scroll"
  | "leaky"
  | "slow"
  | "bulk"
  | "vast"
  | "churn"
  | "truant"
  | "torture";

const KEPT = "build/test-games";

/** All that a module can depend on: the games, the language, and what compiles it. */
const SOURCES = ["test/games", "assembly", "src", "package-lock.json"];

export async function testGame(name: TestGame): Promise<Game> {
  return loadGame(await testModule(name));
}

export async function testModule(name: TestGame): Promise<Uint8Array> {
  const file = join(KEPT, `${name}-${await digestOfSources()}.wasm`);
  return (await readFile(file).catch(() => undefined)) ?? compile(name, file);
}

async function compile(name: TestGame, file: string): Promise<Uint8Array> {
  // Only here: most tests need no compiler, and to load it takes longer than they do.
  const { compileGame } = await import("../src/toolchain/build.js");
  const { wasm } = await compileGame({ entry: `test/games/${name}.ts` });
  await mkdir(KEPT, { recursive: true });
  for (const each of await readdir(KEPT)) {
    if (each.startsWith(`${name}-`) && each.endsWith(".wasm")) await rm(join(KEPT, each), { force: true });
  }
  const part = `${file}.${process.pid}.${performance.now()}.part`; // another test may compile it as well
  await writeFile(part, wasm);
  await rename(part, file);
  return wasm;
}

let digest: Promise<string> | undefined;

function digestOfSources(): Promise<string> {
  digest ??= (async () => {
    const hash = createHash("sha256");
    for (const source of SOURCES) {
      for (const file of await filesIn(source)) hash.update(`${file}\n`).update(await readFile(file));
    }
    return hash.digest("hex").slice(0, 16);
  })();
  return digest;
}

async function filesIn(path: string): Promise<string[]> {
  if (path.endsWith(".json")) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** As `npm run build` made it. */
export async function fighter(): Promise<Game> {
  return loadGame(await readFile("build/games/fighter.wasm"));
}

export async function skirmish(): Promise<Game> {
  return loadGame(await readFile("build/games/skirmish.wasm"));
}
