// Who falls asleep as the match starts: under deadlines he wakes up to frames that were played without him, and goes on.
import { beforeAll, describe, expect, it } from "vitest";
import { PERFECT } from "../../src/netsim/conditions.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { chains, eventsOf, party, play, playUntil } from "./party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

/** Short enough to keep the seat, long enough to count as sleep. */
const ASLEEP_MS = 1500;

describe("who falls asleep before he was asked for his first frame", () => {
  it("plays on when he wakes up, though the delay was raised at the start and some of his first frames were replaced", async () => {
    const match = await party(game, {
      config: { policy: 1, predictionWindow: 4, inputDelay: 2, dropAfterMs: 5000 },
      comes: [0, 0],
      network: { ...PERFECT, delayMs: 70 },
    });
    const [sleeper, other] = match.players;
    const startedAt = playUntil(match, 0, 5000, () => sleeper!.player.phase === "running");
    const { inputs } = sleeper!.player;
    // Nothing was asked of him: he holds the frames before the delay, which is longer here than the config's.
    expect(sleeper!.player.stats.frame).toBe(0);
    expect(inputs!.held(0)).toBe(9);
    sleeper!.pausedUntil = startedAt + ASLEEP_MS;
    play(match, startedAt + 1, startedAt + ASLEEP_MS + 3000);
    // All that he missed is played, what he presses counts again, and both agree.
    const before = match.sequencer.counts.replaced;
    expect(before).toBeGreaterThan(0);
    expect(eventsOf(sleeper!, "replaced").length).toBeGreaterThan(0);
    play(match, startedAt + ASLEEP_MS + 3000, startedAt + ASLEEP_MS + 5000);
    expect(other!.player.stats.frame - sleeper!.player.stats.frame).toBeLessThan(5);
    expect(match.sequencer.counts.replaced).toBe(before);
    expect(sleeper!.player.stats.inputDelay).toBeGreaterThan(2);
    const { end, values } = chains(sleeper!, other!);
    expect(end).toBeGreaterThan(300);
    expect(values[0]).toBe(values[1]);
  });
});
