// How soon a desync is reported: within three round trips of the moment the sequencer notices, and never without cause.
import { describe, expect, it } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { Broken, median, scribble } from "./broken.js";

/** Eight places in a megabyte, each in a leaf of its own. */
const PLACES = Array.from({ length: 8 }, (_, i) => 8 + 4096 * (30 * i + 3) + 100);

/** Round trips from the first question until both sides have their report. */
async function roundTrips(game: Game, roundTripMs: number, loss: number, seed: number, offsets: number[]) {
  const broken = await Broken.start(game, { roundTripMs, loss, seed, config: { predictionWindow: 12 } });
  const noticed = broken.noticed();
  const frame = broken.victim.player.stats.frame + 1;
  scribble(broken.victim, frame, ...offsets);
  broken.untilReported();
  for (const index of [0, 1]) {
    expect(broken.report(index)).toMatchObject({ frame: frame + 1, verdict: "host" });
    expect(broken.report(index).fields.length).toBe(offsets.length);
    expect(broken.report(index).leaves.length).toBe(offsets.length);
  }
  return (broken.now - noticed()) / roundTripMs;
}

describe("a report takes three round trips at most", () => {
  it.each([
    ["scramble", 100],
    ["scramble", 300],
    ["vast", 100],
    ["vast", 300],
  ] as const)(
    "of %s at %d ms",
    async (name, roundTripMs) => {
      const game = await testGame(name);
      const offsets = name === "vast" ? PLACES : [40];
      expect(await roundTrips(game, roundTripMs, 0, 1, offsets)).toBeLessThan(2.6);
      const lossy: number[] = [];
      for (const seed of [1, 2, 3, 4, 5]) lossy.push(await roundTrips(game, roundTripMs, 0.1, seed, offsets));
      expect(median(lossy)).toBeLessThan(3);
    },
    120_000,
  );

  it("of a state of 64 KiB that is another one in every byte", async () => {
    const broken = await Broken.start(await testGame("churn"), { roundTripMs: 100 });
    const noticed = broken.noticed();
    broken.victim.player.plant({ frame: broken.victim.player.stats.frame + 1, offset: 9000, mask: 1 });
    broken.untilReported();
    expect(broken.report(0).fields.map(({ path }) => path)).toEqual(["words[2248]"]);
    expect(broken.now - noticed()).toBeLessThan(300);
  }, 60_000);
});

describe("no alarm is raised", () => {
  it.each([1, 2, 3, 4])(
    "in a match without a fault (seed %d) that loses a tenth in bursts",
    async (seed) => {
      const game = await testGame("scramble");
      const broken = await Broken.start(game, { players: 3, roundTripMs: 80, loss: 0.1, burst: 3, seed });
      broken.play(10_000);
      expect([0, 1, 2].flatMap((index) => broken.events(index))).toEqual([]);
      expect(broken.match.sequencer.takeEvents().filter(({ type }) => type === "desync")).toEqual([]);
      expect(broken.match.sequencer.agreedEnd).toBeGreaterThan(400);
    },
    60_000,
  );
});
