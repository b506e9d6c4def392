// How a match ends: not by an outage of all, not before everybody has what was played, and all who were there hear how.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import type { SequencerEvent } from "../../src/sequencer/sequencer.js";
import type { Game } from "../../src/simulation/game.js";
import type { SignedResult } from "../../src/wire/result.js";
import { statement, writeStatement } from "../../src/wire/result.js";
import { testGame } from "../games.js";
import { chains, eventsOf, type Party, party, play, playUntil } from "../session/party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

function cut(match: Party, cut: boolean): void {
  for (const { up, down } of match.players) {
    up.cut = cut;
    down.cut = cut;
  }
}

function isOver(match: Party): boolean {
  return match.sequencer.takeEvents().some(({ type }: SequencerEvent) => type === "over");
}

describe("an outage of all", () => {
  it.each([
    ["wait", 0],
    ["substitute", 1],
  ] as const)("of half a minute drops nobody, and they play on together, under %s", async (_, policy) => {
    const match = await party(game, { comes: [0, 0, 0], config: { players: 3, policy } });
    play(match, 0, 3000);
    cut(match, true);
    play(match, 3000, 33_000);
    cut(match, false);
    const before = match.sequencer.inputs!.confirmedEnd;
    play(match, 33_000, 36_000);
    const events = match.sequencer.takeEvents().map(({ type }) => type);
    expect(events.filter((type) => type === "left" || type === "over")).toEqual([]);
    for (const { player } of match.players) {
      expect(player.phase).toBe("running");
      expect(player.stats.confirmedEnd).toBeGreaterThan(before + 120);
    }
    const { end, values } = chains(match.players[0]!, match.players[2]!);
    expect(end).toBeGreaterThan(before);
    expect(values[0]).toBe(values[1]);
  });

  it("ends the match when no seat is kept for them any longer", async () => {
    const match = await party(game, { comes: [0, 0], config: { seatKeepSeconds: 5 } });
    play(match, 0, 3000);
    for (const player of match.players) player.gone = true;
    expect(playUntil(match, 3000, 12_000, () => isOver(match))).toBeGreaterThan(8900);
  });

  it("is none when one is still heard: the others are dropped as ever", async () => {
    const match = await party(game, { comes: [0, 0, 0], config: { players: 3 } });
    play(match, 0, 3000);
    for (const player of match.players.slice(1)) player.gone = true;
    play(match, 3000, 4500);
    expect(eventsOf(match.players[0]!, "left")).toHaveLength(2);
  });
});

describe("who finishes", () => {
  it("stays until everybody has what he pressed before, though it was lost on its way", async () => {
    const match = await party(game, { comes: [0, 0], config: { predictionWindow: 15 } });
    play(match, 0, 3000);
    const [mine, other] = match.players;
    mine!.up.cut = true;
    play(match, 3000, 3100);
    const { frame } = mine!.player.stats;
    mine!.player.finish();
    play(match, 3100, 3150);
    mine!.up.cut = false;
    play(match, 3150, 4000);
    const [left] = eventsOf(other!, "left") as unknown as { frame: number }[];
    expect(left!.frame).toBeGreaterThanOrEqual(frame);
    expect(mine!.events.at(-1)).toMatchObject({ type: "ended", reason: "over" });
  });

  it("waits for nobody who does not answer for two seconds", async () => {
    const match = await party(game, { comes: [0, 0], config: { dropAfterMs: 10_000 } });
    play(match, 0, 3000);
    match.players[1]!.gone = true;
    play(match, 3000, 3100);
    match.players[0]!.player.finish();
    const at = playUntil(match, 3100, 6000, () => match.players[0]!.player.phase === "finishing");
    expect(at).toBeGreaterThan(5000);
  });
});

describe("who looks on", () => {
  const WATCHED = { comes: [0, 0, 0], players: [{}, {}, { watch: true }] };

  it("hears the result that those hear who finished", async () => {
    const sequencer = { announces: true, authority: await game.simulation() };
    const match = await party(game, { ...WATCHED, sequencer, network: LOSSY });
    play(match, 0, 4000);
    for (const { player } of match.players.slice(0, 2)) player.finish();
    const over = playUntil(match, 4000, 6000, () => match.sequencer.referee.outcome !== undefined);
    const { frames } = match.sequencer.referee.outcome!;
    play(match, over, over + 500);
    expect(match.players[2]!.player.phase).toBe("running");
    match.sequencer.referee.announce(signed(match, frames));
    play(match, over + 500, over + 2500);
    for (const guest of match.players) {
      expect(eventsOf(guest, "result")).toMatchObject([{ result: { frames } }]);
      expect(guest.events.at(-1)).toMatchObject({ type: "ended", reason: "over" });
    }
  });

  it("sees the end as much later as he saw the match, and to its last frame", async () => {
    const match = await party(game, { ...WATCHED, sequencer: { spectatorDelaySeconds: 2 } });
    play(match, 0, 4000);
    for (const { player } of match.players.slice(0, 2)) player.leave();
    const over = playUntil(match, 4000, 5000, () => match.sequencer.over);
    const at = playUntil(match, over, over + 4000, () => eventsOf(match.players[2]!, "ended").length > 0);
    expect(at - over).toBeGreaterThan(1800);
    const { inputs } = match.sequencer;
    const end = Math.max(inputs!.leftAt(0), inputs!.leftAt(1));
    expect(match.players[2]!.player.chain!.end).toBeGreaterThanOrEqual(end);
  });
});

const LOSSY: Conditions = { ...PERFECT, delayMs: 20, jitterMs: 5, loss: 0.2 };

function signed({ sequencer }: Party, frames: number): SignedResult {
  const [match, inputs] = [new Uint8Array(16), new Uint8Array(32)];
  const value = { ...statement.blank(), version: 1, match, inputs, frames, config: sequencer.config! };
  return { statement: writeStatement(value), signature: new Uint8Array(64) };
}
