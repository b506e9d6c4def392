// A laptop that was asleep: its clock may have stood still, and its connection be gone; it is back at its seat by itself.
import { beforeAll, describe, expect, it } from "vitest";
import type { Game } from "../../src/simulation/game.js";
import { PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { testGame } from "../games.js";
import { chains, eventsOf, type Guest, party, play, playUntil } from "./party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** For a minute, in which the others go on. */
const ASLEEP_AT = 3000;
const AWAKE_AT = 63_000;

/** What the minute did to his machine. */
interface Sleep {
  /** How much of it his clock did not count, in ms. */
  clockLostMs: number;
  /** The server lost his connection as he fell asleep; he finds out when he wakes, and dials again. */
  cut: boolean;
}

describe("who slept for a minute", () => {
  it.each<[string, Sleep]>([
    ["his clock went on", { clockLostMs: 0, cut: false }],
    ["his clock stood still", { clockLostMs: 60_000, cut: false }],
    ["his clock was set back, too", { clockLostMs: 62_900, cut: false }],
    ["his connection is gone", { clockLostMs: 0, cut: true }],
    ["his clock stood still, and his connection is gone", { clockLostMs: 60_000, cut: true }],
  ])("plays at his seat again within two seconds, and computes what all compute: %s", async (_, sleep) => {
    const match = await party(game, { comes: [0, 0, 0], config: { players: 3 } });
    play(match, 0, ASLEEP_AT);
    const [first, second, sleeper] = match.players as [Guest, Guest, Guest];
    expect(sleeper.player.seat).toBe(2);
    expect(sleeper.player.phase).toBe("running");
    sleeper.pausedUntil = AWAKE_AT;
    if (sleep.cut) match.sequencer.disconnect(sleeper.peer);
    play(match, ASLEEP_AT, AWAKE_AT);
    expect(eventsOf(first, "left")).toMatchObject([{ seat: 2, dropped: true }]);
    expect(sleeper.player.stats.frame).toBeLessThan(200);
    sleeper.jump(-sleep.clockLostMs);
    if (sleep.cut) sleeper.reconnect();
    const { stats } = sleeper.player;
    const present = () => sleeper.player.phase === "running" && stats.frame > first.player.stats.frame - 10;
    const at = playUntil(match, AWAKE_AT, AWAKE_AT + 10_000, present);
    expect(at - AWAKE_AT).toBeLessThan(2000);
    const back = stats.frame;
    expect(back).toBeGreaterThan(3600);
    play(match, at + 1, at + 3000);
    expect(sleeper.player.seat).toBe(2);
    expect(sleeper.player.phase).toBe("running");
    expect(eventsOf(sleeper, "rejoining")).toHaveLength(1);
    for (const other of [first, second]) {
      expect(eventsOf(other, "left")).toHaveLength(1);
      expect(eventsOf(other, "joined")).toMatchObject([{ seat: 2 }]);
      expect(eventsOf(other, "desync")).toEqual([]);
      const { end, values } = chains(other, sleeper);
      expect(end).toBeGreaterThan(back + 90);
      expect(values[0]).toBe(values[1]);
    }
    // His chain counts again, and what he presses does, too.
    expect(match.sequencer.agreedEnd).toBeGreaterThan(back + 90);
    expect(match.sequencer.inputs!.presenceAt(2, back + 90)).toBe(PRESENCE_HERE);
  });
});
