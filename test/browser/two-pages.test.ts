// Pages of a real browser play both games through a real server over a bad network: same hashes, rollbacks, no long stall.
import { mkdir, writeFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { verify } from "../../src/cli/commands/verify.js";
import type { TestWindow } from "../../src/demo/test-window.js";
import type { World } from "../../src/games/skirmish/types.js";
import { createServer, type Server } from "../../src/server/server.js";
import { streams } from "../streams.js";
import { hasBrowser, launch } from "./browser.js";

/** One way; 80 ms round trip. */
const DELAY_MS = 40;
const LOSS_PERCENT = 2;
const PLAY_MS = 20_000;

/** Where the replays go: to be looked at after a failure, or kept as fixtures (npm run fixtures says how). */
const FOLDER = process.env.KEEP_REPLAYS ?? "build/browser";

declare global {
  // The page's, inside `evaluate`.
  var samestep: TestWindow;
}

describe.skipIf(!hasBrowser && !process.env.CI)("two pages", () => {
  let server: Server;
  let browser: Browser;
  const errors: string[] = [];
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    server = await createServer({ port: 0, files: "build/demo" });
    browser = await launch();
    await mkdir(FOLDER, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  // A page that goes on playing would slow down the next test's.
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });

  async function blank(): Promise<Page> {
    const context = await browser.newContext();
    contexts.push(context);
    return context.newPage();
  }

  async function open(query: string): Promise<Page> {
    const page = await blank();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    await page.goto(`${server.url}/?${query}`);
    return page;
  }

  async function seat(number: number): Promise<Page> {
    return open(`room=TWO&seat=${number}&bot=1&delay=${DELAY_MS}&loss=${LOSS_PERCENT}&seed=${number}`);
  }

  it("stay the same for twenty seconds at 80 ms and 2 % loss, and their replays verify", async () => {
    const first = await seat(1);
    await first.waitForFunction(() => globalThis.samestep?.matches[0] !== undefined);
    const second = await seat(2);
    const pages = [first, second];
    for (const page of pages) {
      await page.waitForFunction(() => globalThis.samestep?.phases[0] === "running", undefined, { timeout: 20_000 });
    }
    await new Promise((resolve) => setTimeout(resolve, PLAY_MS));
    const found = await Promise.all(
      pages.map((page) =>
        page.evaluate(() => ({
          stats: { ...globalThis.samestep.matches[0]!.stats },
          replay: [...globalThis.samestep.replay(0)!],
        })),
      ),
    );
    expect(errors).toEqual([]);
    for (const [i, { stats, replay }] of found.entries()) {
      expect(stats.confirmedEnd).toBeGreaterThan(0.8 * 60 * (PLAY_MS / 1000));
      expect(stats.agreedEnd).toBeGreaterThan(stats.confirmedEnd - 90);
      expect(stats.rollbacks).toBeGreaterThan(0);
      expect(stats.roundTripMs).toBeGreaterThan(75);
      expect(stats.longestStallMs).toBeLessThan(1000); // a machine that is busy elsewhere stalls too; a match that hangs, for ever
      const path = `${FOLDER}/${12 + i}-browser-seat-${i + 1}-80ms-2pct.replay`;
      await writeFile(path, Uint8Array.from(replay));
      const io = streams();
      expect(await verify([path, "--game", "build/games/fighter.wasm"], io), io.text()).toBe(0);
    }
  }, 90_000);

  it("play a skirmish, where two bots raise armies, and stay the same at 80 ms and 2 % loss", async () => {
    const query = `game=skirmish&room=WAR&delay=${DELAY_MS}&loss=${LOSS_PERCENT}`;
    const first = await open(`${query}&seat=1`);
    await first.waitForFunction(() => globalThis.samestep?.matches[0] !== undefined);
    const second = await open(`${query}&seat=2`);
    const pages = [first, second];
    for (const page of pages) {
      await page.waitForFunction(() => globalThis.samestep?.phases[0] === "running", undefined, { timeout: 20_000 });
    }
    const trained = () => {
      const { seats } = globalThis.samestep.matches[0]!.view as World;
      return seats.slice(0, 2).every(({ units, workers, lost }) => units - workers + lost > 40);
    };
    for (const page of pages) await page.waitForFunction(trained, undefined, { timeout: 60_000 });
    for (const page of pages) {
      const stats = await page.evaluate(() => ({ ...globalThis.samestep.matches[0]!.stats }));
      expect(stats.agreedEnd).toBeGreaterThan(stats.confirmedEnd - 40);
      expect(await page.locator(".purse").textContent()).toMatch(/\d+ fighters/);
    }
    await first.getByRole("button", { name: "Play", exact: true }).click();
    await first.keyboard.press("KeyQ");
    await first.waitForFunction(
      () => {
        const { buildings } = globalThis.samestep.matches[0]!.view as World;
        return buildings.some(({ kind, owner, queued }) => kind === 1 && owner === 0 && queued > 0);
      },
      undefined,
      { timeout: 60_000 },
    );
    expect(errors).toEqual([]);
  }, 120_000);

  it("says so when a game is not there", async () => {
    const page = await blank();
    await page.route("**/skirmish.wasm", (route) => route.fulfill({ status: 404, body: "Not found." }));
    await page.goto(`${server.url}/?game=skirmish`);
    await page
      .getByText(/could not be loaded.*skirmish\.wasm answered 404/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "Fighter" }).click();
    await page.waitForFunction(() => globalThis.samestep?.phases.every((phase) => phase === "running"));
    expect(await page.evaluate(() => globalThis.samestep.game)).toBe("fighter");
  }, 60_000);

  it("one page plays both seats by itself, and a planted desync is named by frame and field, there and in the replay", async () => {
    const page = await open("room=ONE&bot=1");
    const both = () =>
      globalThis.samestep?.matches.length === 2 && globalThis.samestep.phases.every((p) => p === "running");
    await page.waitForFunction(both, undefined, { timeout: 20_000 });
    await page.waitForFunction(() => globalThis.samestep.matches[0]!.stats.agreedEnd > 60);
    await page.click("#inject");
    const banner = page.locator("[role=alert], [role=alertdialog], #banner").first();
    await banner.waitFor({ state: "visible" });
    await page.waitForFunction(() => /fighters\[1\]\.health/.test(document.body.textContent ?? ""));
    const frame = /frame (\d+)/i.exec((await banner.textContent()) ?? "")?.[1];
    expect(frame).toBeDefined();
    // The replay that is saved now is the broken player's: on the command line it parts at the same frame.
    await page.waitForTimeout(1500);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
    const path = "build/browser/desync.replay";
    await download.saveAs(path);
    const io = streams();
    expect(await verify([path, "--game", "build/games/fighter.wasm"], io), io.text()).toBe(1);
    expect(io.text()).toContain(`first difference: frame ${frame}`);
    expect(io.text()).toContain("fighters[1].health");
    expect(errors).toEqual([]);
  }, 60_000);
});
