// What a game knows of deadlines: which inputs were replaced, the same on every machine, and as often as he is told whose they were.
import { describe, expect, it } from "vitest";
import { readPlain } from "../../src/simulation/plain.js";
import { testGame } from "../games.js";
import { chains, type Guest, NEAR, party, play } from "../session/party.js";

interface Pupil {
  here: number;
  replaced: number;
}

function pupilsOf({ simulation }: Guest): { frame: number; pupils: Pupil[] } {
  const { schema, memory } = simulation;
  return readPlain(schema, schema.root, memory, schema.regions.state.address) as never;
}

/** The frames that he was told were replaced. */
function told({ events }: Guest): number {
  return events.reduce((sum, event) => sum + (event.type === "replaced" ? event.end - event.begin : 0), 0);
}

describe("an input that was replaced", () => {
  it.each([0, 1000, 2000])(
    "is flagged to the game, in just the frames that its player is told: %d ms of silence",
    async (silenceMs) => {
      const match = await party(await testGame("truant"), {
        ...{ comes: [0, 0, 0], network: { ...NEAR, jitterMs: 5 } },
        config: { players: 3, policy: 1, dropAfterMs: 5000 },
      });
      play(match, 0, 2500);
      const silent = match.players[2]!;
      for (const link of [silent.up, silent.down]) link.cut = true;
      play(match, 2500, 2500 + silenceMs);
      for (const link of [silent.up, silent.down]) link.cut = false;
      play(match, 2500 + silenceMs, 6500);
      const times = told(silent);
      if (silenceMs > 0) expect(times).toBeGreaterThan((silenceMs * 60) / 1000 - 10);
      else expect(times).toBe(0);
      for (const guest of match.players) {
        const { frame, pupils } = pupilsOf(guest);
        expect(frame).toBeGreaterThan(230);
        expect(pupils[silent.player.seat!]!.replaced).toBe(times);
        for (const other of match.players.slice(0, 2)) expect(pupils[other.player.seat!]!.replaced).toBe(told(other));
        for (const { here, replaced } of pupils.slice(0, 3)) expect(here + replaced).toBe(frame);
        const { values } = chains(match.players[0]!, guest);
        expect(values[0]).toBe(values[1]);
      }
      expect(match.players.slice(0, 2).map(told)).toEqual([0, 0]);
    },
  );
});
