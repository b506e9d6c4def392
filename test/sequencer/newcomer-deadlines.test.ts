// Under `substitute` a path that comes later is to be feasible, too: the delay is raised for it, or it stays out.
import { beforeAll, expect, it } from "vitest";
import { PERFECT } from "../../src/netsim/conditions.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { chains, eventsOf, type Party, party, play } from "../session/party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** Two who play 20 ms from the sequencer with a window of 4, and a third who comes after three seconds. */
function joinedFrom(delayMs: number, policy = 1): Promise<Party> {
  const path = { ...PERFECT, delayMs, jitterMs: 3 };
  const config = { players: 3, startWith: 2, predictionWindow: 4, inputDelay: 2, policy };
  return party(game, { config, comes: [0, 0, 3000], players: [{}, {}, { up: path, down: path }] });
}

function delays({ sequencer }: Party): object[] {
  return sequencer.takeEvents().filter(({ type }) => type === "delay");
}

it.each([
  { delayMs: 20, inputDelay: 3 },
  { delayMs: 60, inputDelay: 5 },
  { delayMs: 100, inputDelay: 8 },
  { delayMs: 150, inputDelay: 11 },
])("a newcomer at $delayMs ms plays by deadlines that suit him", async ({ delayMs, inputDelay }) => {
  const match = await joinedFrom(delayMs);
  play(match, 0, 12_000);
  const late = match.players[2]!;
  expect(late.player.phase).toBe("running");
  const told = delays(match);
  if (delayMs > 20) expect(told.at(-1)).toMatchObject({ inputDelay: expect.any(Number), reason: "deadlines" });
  for (const { player } of match.players) expect(Math.abs(player.stats.inputDelay - inputDelay)).toBeLessThanOrEqual(1);
  expect(match.sequencer.counts.replaced).toBeLessThan(5);
  expect(match.players.map(({ player }) => player.stats.stalls)).toEqual([0, 0, 0]);
  expect(new Set(chains(match.players[0]!, late).values).size).toBe(1);
});

it("a newcomer whom no delay could help is refused with words, and nothing changes for the others", async () => {
  const match = await joinedFrom(300);
  play(match, 0, 12_000);
  const [first, , late] = match.players;
  expect(eventsOf(late!, "ended")).toMatchObject([
    { text: expect.stringMatching(/round trip of 60\d ms is too long/) },
  ]);
  expect(first!.player.stats.inputDelay).toBe(3);
  // Whoever carries for him may close: he was sent away, and the others were not.
  expect(match.players.map(({ peer }) => match.sequencer.isOut(peer))).toEqual([false, false, true]);
  expect(eventsOf(first!, "joined")).toEqual([]);
  expect(match.sequencer.counts.replaced).toBe(0);
});

it("who was there before has his seat back, however far he is by now", async () => {
  const match = await joinedFrom(20);
  play(match, 0, 6000);
  const late = match.players[2]!;
  late.up.cut = true;
  late.down.cut = true;
  play(match, 6000, 9000);
  for (const link of [late.up, late.down])
    Object.assign(link, { cut: false, conditions: { ...PERFECT, delayMs: 300 } });
  play(match, 9000, 16_000);
  expect(eventsOf(match.players[0]!, "left")).toMatchObject([{ seat: 2, dropped: true }]);
  expect(late.player.phase).toBe("running");
  expect(late.player.seat).toBe(2);
});

it("where everybody is waited for, nobody's delay is raised for a newcomer", async () => {
  const match = await joinedFrom(100, 0);
  play(match, 0, 8000);
  expect(match.players.map(({ player }) => player.stats.inputDelay)).toEqual([2, 2, 2]);
});
