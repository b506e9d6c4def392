// A page that the browser froze, with the worker that ticks for it: its seat is dropped, and it comes back by itself.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestWindow } from "../../src/demo/test-window.js";
import { createServer, type LogEntry, type Server } from "../../src/server/server.js";
import { hasBrowser, launch, launchPlain } from "./browser.js";

const FROZEN_MS = 20_000;

/** By a timer: a page that was frozen is in the background from then on, and gets no animation frames. */
const POLLING = { polling: 50, timeout: 15_000 };

/** What the page is asked to remember: what it was told of its match, and its hash chain at the frames that all agree on. */
interface Notes {
  told: string[];
  chain: [end: number, hash: string][];
  /** The longest time between two frames of its match, as its own clock has it. */
  longestMs: number;
  /** When the browser woke it, and how long it took from then on until it played at its seat again. */
  wokenAt: number;
  backMs: number;
}

declare global {
  // The page's, inside `evaluate`.
  var samestep: TestWindow;
  var notes: Notes;
}

describe.skipIf(!hasBrowser && !process.env.CI)("a page that is frozen for twenty seconds", () => {
  const log: LogEntry[] = [];
  let server: Server;
  let foreground: Browser;
  let plain: Awaited<ReturnType<typeof launchPlain>>;

  beforeAll(async () => {
    server = await createServer({ port: 0, files: "build/demo", log: (entry) => log.push(entry) });
    [foreground, plain] = await Promise.all([launch(), launchPlain()]);
  });
  afterAll(async () => {
    await foreground?.close();
    await plain?.close();
    await server?.close();
  });

  async function sit(page: Page, seat: number): Promise<Page> {
    await page.goto(`${server.url}/?room=SLEEP&seat=${seat}&bot=1&seed=${seat}`);
    await page.waitForFunction(() => globalThis.samestep?.matches[0] !== undefined);
    await page.evaluate(takeNotes);
    return page;
  }

  it("is back on its seat when it is woken, with no doing of anybody's, and both pages agree again", async () => {
    const sleeper = await sit(await plain.page(), 1);
    const awake = await sit(await foreground.newPage(), 2);
    const pages = [sleeper, awake];
    for (const page of pages) await page.waitForFunction(() => globalThis.samestep.matches[0]!.stats.agreedEnd > 60);
    const seats = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.samestep.matches[0]!.seat)));
    expect(seats.toSorted()).toEqual([0, 1]);
    const protocol = await sleeper.context().newCDPSession(sleeper);
    await protocol.send("Page.setWebLifecycleState", { state: "frozen" });
    const wakeAt = performance.now() + FROZEN_MS;
    // The demo's match drops a seat after five seconds, and keeps it for three minutes.
    await awake.waitForFunction(() => globalThis.notes.told.length > 0, undefined, { timeout: FROZEN_MS });
    await new Promise((resolve) => setTimeout(resolve, wakeAt - performance.now()));
    expect(await awake.evaluate(() => globalThis.notes.told)).toEqual([`left ${seats[0]} true`]);
    await protocol.send("Page.setWebLifecycleState", { state: "active" });
    const back = (seat: number) => globalThis.notes.told.some((told) => told.startsWith(`joined ${seat} `));
    for (const page of pages) await page.waitForFunction(back, seats[0]!, POLLING);
    // Both go on for a second, and everybody's chain is the same.
    const from = await awake.evaluate(() => globalThis.samestep.matches[0]!.stats.agreedEnd);
    for (const page of pages) {
      await page.waitForFunction((end) => globalThis.samestep.matches[0]!.stats.agreedEnd > end + 60, from, POLLING);
    }
    const [his, others] = (await Promise.all(pages.map((page) => page.evaluate(() => globalThis.notes)))) as [
      Notes,
      Notes,
    ];
    expect(his.longestMs).toBeGreaterThan(FROZEN_MS - 2000); // he did not play, and neither did his worker make him
    expect(his.backMs).toBeLessThan(5000);
    expect(his.told.map((told) => told.split(" ")[0])).toEqual(["rejoining", "joined"]);
    expect(others.told.map((told) => told.split(" ")[0])).toEqual(["left", "joined"]);
    expect(await sleeper.evaluate(() => globalThis.samestep.matches[0]!.seat)).toBe(seats[0]);
    expect(await sleeper.evaluate(() => globalThis.samestep.phases[0])).toBe("running");
    const known = new Map(others.chain);
    const common = his.chain.filter(([end]) => end > from && known.has(end));
    expect(common.length).toBeGreaterThan(3);
    expect(common).toEqual(common.map(([end]) => [end, known.get(end)]));
    expect(log.filter(({ event }) => event === "desync" || event === "error")).toEqual([]);
  }, 60_000);
});

/** Runs in the page. */
function takeNotes(): void {
  const match = globalThis.samestep.matches[0]!;
  const notes: Notes = { told: [], chain: [], longestMs: 0, wokenAt: 0, backMs: Infinity };
  let last: number | undefined;
  match.on("left", ({ seat, dropped }) => notes.told.push(`left ${seat} ${dropped}`));
  match.on("rejoining", () => notes.told.push("rejoining"));
  document.addEventListener("resume", () => {
    notes.wokenAt = performance.now();
  });
  match.on("joined", ({ seat, frame }) => {
    notes.backMs = performance.now() - notes.wokenAt;
    notes.told.push(`joined ${seat} ${frame}`);
  });
  match.on("ended", ({ text }) => notes.told.push(`ended ${text}`));
  match.on("desync", () => notes.told.push("desync"));
  match.on("frame", () => {
    const now = performance.now();
    notes.longestMs = Math.max(notes.longestMs, now - (last ?? now));
    last = now;
    const agreed = globalThis.samestep.agreed(0);
    if (agreed !== undefined && agreed.end !== notes.chain.at(-1)?.[0]) notes.chain.push([agreed.end, agreed.hash]);
  });
  globalThis.notes = notes;
}
