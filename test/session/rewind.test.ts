// How far a spectator looks back: to where he came in, and within a bound of memory.
import { describe, expect, it } from "vitest";
import type { Rewind } from "../../src/session/timeline/rewind.js";
import { testGame } from "../games.js";
import { type Guest, party, play } from "./party.js";

/** What is looked at is the state that a player linked there. */
function expectTrue({ player, simulation }: Guest, of: Guest, frame: number): void {
  const hash = new Uint32Array(4);
  const spare = (player.stats.confirmedEnd + 1) % simulation.slots;
  simulation.save(spare);
  simulation.hash(spare, hash, 0);
  const linked = { low: 0, high: 0, inputs: 0 };
  of.player.chain!.stateHash(frame, linked);
  expect([...hash.subarray(0, 2)]).toEqual([linked.low, linked.high]);
}

function expectEdges(rewind: Rewind): void {
  const { begin, end } = rewind;
  for (const below of [begin - 1, begin - 100, 0, -1]) {
    expect(rewind.seek(below)).toBe(begin);
    expect(rewind.frame).toBe(begin);
  }
  for (const above of [end, end + 1, end + 1000]) {
    expect(rewind.seek(above)).toBe(end);
    expect(rewind.frame).toBeUndefined();
  }
}

describe("a spectator looks back", () => {
  it("no further than to where he came in, and no further on than the present", async () => {
    const match = await party(await testGame("scramble"), {
      ...{ comes: [0, 0, 20_000], players: [{}, {}, { watch: true }] },
    });
    play(match, 0, 24_000);
    const [first, , spectator] = match.players;
    const rewind = spectator!.player.rewind!;
    expect(rewind.begin).toBeGreaterThan(768);
    expect(rewind.end).toBeGreaterThan(1250);
    expectEdges(rewind);
    for (const frame of [rewind.begin, rewind.begin + 59, rewind.begin + 60, rewind.end - 1]) {
      expect(rewind.seek(frame)).toBe(frame);
      expectTrue(spectator!, first!, frame);
    }
  });

  it("as far as 32 MiB reach, of a state of one: half a minute, which moves on", async () => {
    const match = await party(await testGame("vast"), {
      ...{ config: { players: 1 }, comes: [0, 0], players: [{}, { watch: true }] },
    });
    play(match, 0, 30_000);
    const [player, spectator] = match.players;
    const rewind = spectator!.player.rewind!;
    expect(rewind.begin).toBe(0);
    play(match, 30_000, 38_000);
    const { begin, end } = rewind;
    expect(begin).toBeGreaterThan(0);
    expect(begin % 60).toBe(0);
    expect(end - begin).toBeGreaterThan(30 * 60);
    expect(end - begin).toBeLessThanOrEqual(31 * 60);
    expectEdges(rewind);
    for (const frame of [begin, begin + 61, end - 500, end - 1]) {
      expect(rewind.seek(frame)).toBe(frame);
      expectTrue(spectator!, player!, frame);
    }
  });
});
