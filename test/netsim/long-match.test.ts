// Matches that last: frame numbers outgrow their sixteen bits on the wire, and nothing that is kept grows with the time.
import { beforeAll, describe, expect, it } from "vitest";
import { VirtualMatch, VirtualPlayer, type VirtualPlayerOptions } from "../../src/netsim/virtual-match.js";
import type { SequencerOptions } from "../../src/sequencer/sequencer.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { gather } from "../member/gathering.js";
import { chains, configOf, eventsOf, NEAR, type Party, party } from "../session/party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

/** Every moment in which somebody ticks, and no other. */
const STEP_MS = 4;

function live(match: { turn(now: number): unknown }, begin: number, end: number): void {
  for (let now = begin; now < end; now += STEP_MS) match.turn(now);
}

/** Frame numbers on the wire begin again here. */
const WRAP = 0x10000;

/** They are long: on a busy machine as well. */
const TIMEOUT_MS = 240_000;

describe("a match of eighteen minutes and more", { timeout: TIMEOUT_MS }, () => {
  it("passes frame 65 536 with who plays, looks on, comes later, and sleeps for a minute and a half meanwhile", async () => {
    const watch = { watch: true };
    const wrapsAt = STEP_MS * Math.ceil((1000 * WRAP) / 60 / STEP_MS);
    const comes = [0, 0, wrapsAt - 60_000, wrapsAt + 60_000];
    const match = await party(game, { comes, players: [{ tickMs: 16 }, { tickMs: 16 }, watch, watch] });
    const [awake, sleeper, early, late] = match.players;
    live(match, 0, wrapsAt - 30_000);
    expect(awake!.player.stats.frame).toBeGreaterThan(WRAP - 3000);
    expect(awake!.player.stats.frame).toBeLessThan(WRAP - 1500);
    sleeper!.pausedUntil = wrapsAt + 60_000;
    live(match, wrapsAt - 30_000, wrapsAt + 90_000);
    expect(eventsOf(sleeper!, "joined").at(-1)).toMatchObject({ seat: 1 });
    for (const guest of [awake, sleeper, early, late]) {
      expect(guest!.player.phase).toBe("running");
      expect(guest!.player.stats.agreedEnd).toBeGreaterThan(WRAP + 4800);
      const { end, values } = chains(awake!, guest!);
      expect(end).toBeGreaterThan(WRAP + 4800);
      expect(values[0]).toBe(values[1]);
    }
    expect(awake!.player.stats.longestStallMs).toBeLessThan(1500); // until the sleeper's seat was dropped
  });
});

/** Least of a few weighings: what happens to lie around is not kept. */
function weigh(): number {
  let least = Infinity;
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

/** A round of comings and goings; what is told of it is taken, as an application would. */
const ROUND_MS = 8000;
const ROUNDS = 60;
/** Until every function was compiled, every buffer has its size, and what is kept of the newest is all there. */
const WARM_ROUNDS = 20;

/** For each round the log of decisions has two entries more, and that of verdicts one: reports or evidence would be 40 000. */
const ROUND_BYTES_MAX = 16_000;

/** Lives through all rounds; answers by how many bytes each of those after the first has made it grow. */
function growth(round: (begin: number) => void): number {
  let before = 0;
  for (let i = 0; i < ROUNDS; i++) {
    if (i === WARM_ROUNDS) before = weigh();
    round(i * ROUND_MS);
  }
  return (weigh() - before) / (ROUNDS - WARM_ROUNDS);
}

interface Restless {
  match: Party;
  /** What happened, in the last round. */
  told: Set<string>;
  round: (begin: number) => void;
}

/**
 * In each round a player sleeps until his seat is dropped, and comes back; somebody new looks on for a while; and the one
 * who came back computes something else from then on.
 */
async function restless(sequencer: SequencerOptions): Promise<Restless> {
  const simulations = await Promise.all([0, 1, 2, 3].map(() => game.simulation()));
  const guest = (index: number): VirtualPlayerOptions<WasmSimulation> => {
    let count = 0;
    const input = (): Uint8Array => Uint8Array.of(((count++ >> (3 + index)) * 37 + index) & 31, 0);
    return { simulation: simulations[index]!, input, up: NEAR, down: NEAR, tickMs: 8, onDesync: "continue" };
  };
  const options = {
    ...{ config: configOf(game, { players: 3 }), seed: 3, mode: "datagram" as const, sequencer },
    players: [0, 1, 2].map(guest),
  };
  const match = new VirtualMatch<WasmSimulation>(options);
  const told = new Set<string>();
  let visitors = 0;
  const round = (begin: number): void => {
    told.clear();
    const player = match.players[1]!;
    if (begin > 0) player.pausedUntil = begin + 1500;
    live(match, begin, begin + 1500);
    const visitor = { ...guest(3), watch: true, token: new Uint8Array(16).fill(100 + visitors) };
    match.players[3] = new VirtualPlayer(3, visitor, options, match.players);
    match.players[3].peer = 1000 + visitors++;
    live(match, begin + 1500, begin + 5000);
    player.player.plant({ frame: player.player.stats.frame + 5, offset: 40, mask: 1 });
    live(match, begin + 5000, begin + ROUND_MS - 500);
    match.players[3].player.leave();
    live(match, begin + ROUND_MS - 500, begin + ROUND_MS);
    match.sequencer.disconnect(match.players[3].peer);
    for (const { type } of match.sequencer.takeEvents()) told.add(type);
    for (const { events } of match.players) {
      for (const { type } of events) told.add(type);
      events.length = 0;
    }
  };
  return { match, told, round };
}

describe("what is kept does not grow with the length of a match, but for its decisions", {
  timeout: TIMEOUT_MS,
}, () => {
  it.each([
    ["the sequencer plays along", true],
    ["the majority is right", false],
  ])("in which people come, go, look on and compute other states, and %s", async (_, attended) => {
    const { told, round } = await restless(attended ? { authority: await game.simulation() } : {});
    const bytes = growth(round);
    for (const type of ["left", "rejoining", "joined", "watching", "unwatched", "desync"]) expect(told).toContain(type);
    expect(bytes).toBeLessThan(ROUND_BYTES_MAX);
  });

  it("in which the sequencer goes from page to page", async () => {
    const match = await gather(game, { pages: 3 });
    const epochs = new Set<number>();
    const bytes = growth((begin) => {
      live(match, begin, begin + ROUND_MS / 2);
      for (const { member } of match.members) member.handOver();
      live(match, begin + ROUND_MS / 2, begin + ROUND_MS);
      epochs.add(match.members[0]!.member.epoch);
      for (const { events } of match.members) events.length = 0;
    });
    expect(epochs.size).toBe(ROUNDS);
    expect(bytes).toBeLessThan(ROUND_BYTES_MAX);
  });
});
