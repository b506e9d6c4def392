// samestep build, as a shell would call it: what it writes, what it says, and its exit code.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/cli/commands/build.js";
import { readSchema } from "../../src/simulation/schema.js";
import { project, REPOSITORY } from "./project.js";

const DUEL = join(REPOSITORY, "test/games/duel.ts");

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: "", err: "" };
  const code = await build(args, {
    out: (text) => {
      said.out += `${text}\n`;
    },
    err: (text) => {
      said.err += `${text}\n`;
    },
  });
  return { code, ...said };
}

test("writes the module, its map and its types, and prints one line", async () => {
  const folder = await project({});
  const out = join(folder, "public/games/duel.wasm");
  const { code, out: said, err } = await run(DUEL, "--out", out);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(said).toMatch(/duel\.wasm {2}\d+\.\d kB {2}\d+ ms\n$/);
  expect((await readdir(join(folder, "public/games"))).sort()).toEqual(["duel.d.ts", "duel.wasm", "duel.wasm.map"]);
  expect(readSchema(await readFile(out)).root).toBe("World");
  expect(await readFile(join(folder, "public/games/duel.d.ts"), "utf8")).toContain("export interface Game {");
});

test("writes beside the game where nothing else is said", async () => {
  const source = (await readFile(DUEL, "utf8")).replace("../../assembly/sdk", "samestep/assembly/sdk");
  const folder = await project({ "duel.ts": source });
  expect((await run(join(folder, "duel.ts"))).code).toBe(0);
  expect((await stat(join(folder, "duel.wasm"))).size).toBeGreaterThan(1000);
});

test("a game that comes to another state when it is played again is refused, whatever way it found", async () => {
  const folder = await project({
    "game.ts": [
      `import { arena } from "samestep/assembly/sdk";`,
      "@input class Pad { a: u8; }",
      "@state class World { x: i32; }",
      "const world = arena<World>();",
      "const counts: StaticArray<i32> = [1, 2, 3];",
      "export function init(): void {}",
      "export function step(): void {",
      "  const at = changetype<usize>(counts);",
      "  store<i32>(at, load<i32>(at) + 1);",
      "  world.x += load<i32>(at);",
      "}",
    ].join("\n"),
  });
  const { code, out, err } = await run(join(folder, "game.ts"));
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(/^REFUSED Played again.*\nframe 1: 1 field differs\n {4}x .*\n/);
  expect(err).toContain("lies outside the @state arena. Move it there.");
  expect(await readdir(folder)).not.toContain("game.wasm");
});

test("a refused game exits with 1, says why and where, and writes nothing", async () => {
  const folder = await project({
    "game.ts": [
      `import { arena } from "samestep/assembly/sdk";`,
      "@input class Pad { a: u8; }",
      "@state class World { x: i32; }",
      "const world = arena<World>();",
      "let combo = 0;",
      "export function init(): void {}",
      "export function step(): void { world.x = ++combo; }",
    ].join("\n"),
  });
  const { code, out, err } = await run(join(folder, "game.ts"));
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(
    /'game\/combo' is a variable outside the state.*Move it into a @state class.*\n {2}in game\/step \(game\.ts:7:/,
  );
  expect(await readdir(folder)).not.toContain("game.wasm");
});

test("--runtime builds a managed game and tells what the proof notices; stub is wrong usage, with its reason", async () => {
  const out = join(await project({}), "colony.wasm");
  const colony = join(REPOSITORY, "test/games/colony.ts");
  const { code, err } = await run(colony, "--out", out, "--runtime", "minimal");
  expect(code).toBe(0);
  expect(err).toMatch(/^NOTICE A function is called through a variable/);
  expect(readSchema(await readFile(out)).kind).toBe("managed");
  const refused = await run(colony, "--out", out, "--runtime", "stub");
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("never frees an object, so a long match would run out of memory: use 'minimal'");
});

test.each([
  [[], "which game? Name its main file"],
  [["a.ts", "b.ts"], "one game at a time, not a.ts and b.ts"],
  [["game.js"], "a game is a .ts file, and game.js is none"],
  [["nothing.ts"], "there is no file nothing.ts"],
  [[DUEL, "--outt", "a.wasm"], "Unknown option '--outt' (did you mean --out?)"],
  [[DUEL, "--out", "game.js"], "--out names a .wasm file, and game.js is none"],
  [[DUEL, "--out"], "Option '-o, --out <value>' argument missing"],
])("%j is wrong usage: exit code 2, what is wrong, and where to read on", async (args, words) => {
  expect(await run(...args)).toEqual({
    code: 2,
    out: "",
    err: `samestep build: ${words}\nSee: samestep build --help\n`,
  });
});

test.each(["-h", "--help"])("%s explains with examples", async (flag) => {
  const { code, out } = await run(flag);
  expect(code).toBe(0);
  expect(out).toContain("Examples");
});
