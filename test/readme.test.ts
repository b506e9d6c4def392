// The README's forty lines are real: the game compiles and runs, the page type-checks, and two browser pages play it.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { createServer } from "../src/server/server.js";
import { syncTest } from "../src/session/timeline/sync-test.js";
import { type Game, loadGame } from "../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../src/simulation/simulation.js";
import { compileGame } from "../src/toolchain/build.js";
import { hasBrowser, launch } from "./browser/browser.js";

const FOLDER = "build/readme";
const RULES = Uint8Array.of(2);
const LEFT = 1;
const RIGHT = 2;

let blocks: string[];
let shell: string;

beforeAll(async () => {
  const text = await readFile("README.md", "utf8");
  blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
  shell = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code!).join("");
  await mkdir(`${FOLDER}/page`, { recursive: true });
});

let built: Promise<Game> | undefined;

/** The README's game, built once: its types lie beside the page. */
function readmeGame(): Promise<Game> {
  built ??= (async () => {
    await writeFile(`${FOLDER}/game.ts`, blocks[0]!.replace("samestep/assembly/sdk", "../../assembly/sdk"));
    const { wasm, types } = await compileGame({ entry: `${FOLDER}/game.ts` });
    await writeFile(`${FOLDER}/page/game.d.ts`, types);
    await writeFile(`${FOLDER}/page/game.wasm`, wasm);
    return loadGame(wasm);
  })();
  return built;
}

/** What tsc has to say of a file in the page's folder; nothing when all is well. */
async function complaints(name: string, code: string): Promise<string> {
  await writeFile(`${FOLDER}/page/${name}`, code);
  const settings = { extends: "../../../tsconfig.json", include: [name], exclude: [] };
  await writeFile(`${FOLDER}/page/tsconfig.json`, JSON.stringify(settings));
  const { stdout } = await promisify(execFile)("npx", ["tsc", "-p", `${FOLDER}/page`]).catch((error) => error);
  return stdout;
}

describe("the README's example", () => {
  it("has a game and a page of about forty lines together", () => {
    expect(blocks.length).toBe(2);
    const lines = blocks
      .join("")
      .split("\n")
      .filter((line) => line.trim() !== "");
    expect(lines.length).toBeLessThanOrEqual(50);
  });

  it("installs the file that `npm pack` writes", async () => {
    const { name, version } = JSON.parse(await readFile("package.json", "utf8"));
    expect(shell).toContain(`npm i ./${name}-${version}.tgz `);
  });

  it("is a game that compiles, and rolls back without a difference", async () => {
    const game = await readmeGame();
    const report = syncTest({
      simulation: await game.simulation(),
      config: { players: 2, seedLow: 1, seedHigh: 2, rules: RULES },
      frames: 300,
      input: (frame, seat, into) => {
        into[0] = (frame >> (3 + seat)) & 3;
        return 1;
      },
    });
    expect(report).toEqual({ frames: 300, differences: [], trap: undefined });
  });

  it("tells of a bump when two runners meet, and not again while they touch", async () => {
    const simulation = await (await readmeGame()).simulation();
    simulation.reset({ players: 2, seedLow: 1, seedHigh: 2, rules: RULES });
    const record = new Uint8Array(2 * simulation.cellBytes);
    const bumps = (button: number): boolean => {
      for (const seat of [0, 1]) record.set([1, 0, 1, 0], seat * simulation.cellBytes);
      record[CELL_HEADER_BYTES] = button;
      simulation.step(record);
      return simulation.eventsEnd > 0;
    };
    const meet = (button: number): boolean => Array.from({ length: 200 }).some(() => bumps(button));
    expect(meet(LEFT) || meet(RIGHT) || meet(RIGHT), "whoever starts on the left").toBe(true);
    for (let frame = 0; frame < 30; frame++) expect(bumps(0), `${frame} frames later`).toBe(false);
  });

  it("is a page that type-checks against the types of that game", async () => {
    await readmeGame();
    expect(await complaints("page.ts", blocks[1]!)).toBe("");
  });

  it.skipIf(!hasBrowser && !process.env.CI)(
    "shows in the page who is here, where the runners are, why nobody gets in, and that the server is gone",
    async () => {
      await readmeGame();
      await writeFile(`${FOLDER}/page/page.ts`, blocks[1]!);
      await build({
        entryPoints: [`${FOLDER}/page/page.ts`],
        outfile: `${FOLDER}/page/page.js`,
        ...{ bundle: true, format: "esm", logLevel: "error" },
        alias: { "samestep/browser": resolve("src/client/index.ts"), "samestep/core": resolve("build/core.js") },
      });
      const html = /^echo '(.*)' > web\/index.html$/m.exec(shell)![1]!;
      await writeFile(`${FOLDER}/page/index.html`, html);
      const server = await createServer({ port: 0, files: `${FOLDER}/page` });
      const browser = await launch();
      try {
        const errors: string[] = [];
        const open = async () => {
          const page = await browser.newPage();
          page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
          page.on("pageerror", (error) => errors.push(error.message));
          await page.goto(server.url);
          return page;
        };
        const shows = (page: Page, words: RegExp) =>
          page.waitForFunction((source) => new RegExp(source).test(document.body.textContent!), words.source);
        const first = await open();
        await shows(first, /^1 of 2 players are here$/);
        const second = await open();
        for (const page of [first, second]) await shows(page, /^\d+\.\d \| \d+\.\d$/);
        const before = await first.evaluate(() => document.body.textContent);
        await first.keyboard.down("ArrowLeft");
        await second.waitForFunction((text) => document.body.textContent !== text, before);
        await shows(await open(), /^This room is full: all 2 seats are taken/);
        expect(errors).toEqual([]);
        await server.close();
        for (const page of [first, second]) await shows(page, /^The server is silent/);
      } finally {
        await browser.close();
        await server.close();
      }
    },
    60_000,
  );
});

describe("the virtual match of docs/hosting.md", () => {
  let code: string;

  beforeAll(async () => {
    await readmeGame();
    const text = await readFile("docs/hosting.md", "utf8");
    const all = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block!);
    code = all.find((block) => block.includes("samestep/netsim"))!;
  });

  it("type-checks against the package", async () => {
    expect(await complaints("virtual.ts", code)).toBe("");
  });

  it("plays, and both players agree", async () => {
    const source = code
      .replace('"samestep"', '"../../src/index.js"')
      .replace('"samestep/netsim"', '"../../src/netsim/index.js"')
      .replace("web/game.wasm", `${FOLDER}/page/game.wasm`)
      .replace("console.log(", "export const agreed = (");
    await writeFile(`${FOLDER}/virtual.ts`, source);
    const { agreed } = (await import(resolve(`${FOLDER}/virtual.ts`))) as { agreed: number[] };
    expect(agreed.length).toBe(2);
    for (const end of agreed) expect(end).toBeGreaterThan(400);
  });
});
