// The README's forty lines are real: the game compiles and runs, the page type-checks against the types the build wrote.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { syncTest } from "../src/session/sync-test.js";
import { loadGame } from "../src/simulation/game.js";
import { compileGame } from "../src/toolchain/build.js";

const FOLDER = "build/readme";
let blocks: string[];

beforeAll(async () => {
  const text = await readFile("README.md", "utf8");
  blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
  await mkdir(FOLDER, { recursive: true });
});

describe("the README's example", () => {
  it("has a game and a page of about forty lines together", () => {
    expect(blocks.length).toBe(2);
    const lines = blocks
      .join("")
      .split("\n")
      .filter((line) => line.trim() !== "");
    expect(lines.length).toBeLessThanOrEqual(50);
  });

  it("is a game that compiles, and rolls back without a difference", async () => {
    const source = blocks[0]!.replace("samestep/assembly/sdk", "../../assembly/sdk");
    await writeFile(`${FOLDER}/game.ts`, source);
    const built = await compileGame({ entry: `${FOLDER}/game.ts` });
    await writeFile(`${FOLDER}/game.d.ts`, built.types);
    const game = await loadGame(built.wasm);
    const report = syncTest({
      simulation: await game.simulation(),
      config: { players: 2, seedLow: 1, seedHigh: 2, rules: Uint8Array.of(2) },
      frames: 300,
      input: (frame, seat, into) => {
        into[0] = (frame >> (3 + seat)) & 3;
        return 1;
      },
    });
    expect(report).toEqual({ frames: 300, differences: [], trap: undefined });
  });

  it("is a page that type-checks against the types of that game", async () => {
    await mkdir(`${FOLDER}/page`, { recursive: true });
    const built = await compileGame({ entry: `${FOLDER}/game.ts` });
    await writeFile(`${FOLDER}/page/game.d.ts`, built.types);
    await writeFile(`${FOLDER}/page/page.ts`, blocks[1]!);
    const settings = { extends: "../../../tsconfig.json", include: ["*.ts"], exclude: [] };
    await writeFile(`${FOLDER}/page/tsconfig.json`, JSON.stringify(settings));
    const { stdout } = await promisify(execFile)("npx", ["tsc", "-p", `${FOLDER}/page`]).catch((error) => error);
    expect(stdout).toBe("");
  });
});
