// The input delay changes during a match: at one frame for all, both ways, when somebody asks or when measurements do.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

type Played = VirtualMatch<WasmSimulation>;

async function open(
  delays: number[],
  changes: Partial<MatchConfig> = {},
  path: Partial<Conditions> = {},
  seed = 3,
): Promise<Played> {
  const simulations = await Promise.all(delays.map(() => game.simulation()));
  return new VirtualMatch({
    config: {
      players: delays.length,
      framesPerSecond: 60,
      predictionWindow: 8,
      inputDelay: 2,
      ...MATCH_DEFAULTS,
      inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
      dropAfterMs: 5000,
      seedLow: 1,
      seedHigh: 2,
      rules: new Uint8Array(0),
      ...changes,
    },
    seed,
    mode: "datagram",
    players: simulations.map((simulation, index) => {
      let asked = 0;
      const conditions = { ...PERFECT, delayMs: delays[index]!, ...path };
      return { simulation, input: () => Uint8Array.of((asked++ / 5) & 31, 0), up: conditions, down: conditions };
    }),
  });
}

function play(match: Played, begin: number, end: number): void {
  for (let now = begin; now < end; now++) match.turn(now);
}

function reroute(match: Played, delayMs: number, jitterMs?: number): void {
  for (const { up, down } of match.players) {
    for (const link of [up, down]) {
      link.conditions = { ...link.conditions, delayMs, jitterMs: jitterMs ?? link.conditions.jitterMs };
    }
  }
}

function told(match: Played, index: number, type: "delay" | "advice"): { frame?: number; inputDelay: number }[] {
  return match.players[index]!.events.flatMap((event) =>
    event.type === type ? [event as { inputDelay: number }] : [],
  );
}

function delays(match: Played): number[] {
  return match.players.map(({ player }) => player.stats.inputDelay);
}

describe("the input delay", () => {
  it("changes for all at one frame that lies ahead, up and down, when a player asks", async () => {
    const match = await open([20, 40, 30], {}, { loss: 0.05 });
    play(match, 0, 2000);
    match.players[2]!.player.requestInputDelay(7);
    const changedAt = match.players.map(() => 0);
    for (let now = 2000; now < 5500; now++) {
      match.turn(now);
      for (const [i, { player }] of match.players.entries()) {
        if (player.stats.inputDelay === 7) changedAt[i] ||= player.stats.frame;
      }
    }
    const { frame } = told(match, 0, "delay")[0]!;
    // Seen behind the tick that played it.
    for (const seen of changedAt) expect([frame! + 1, frame! + 2]).toContain(seen);
    expect(delays(match)).toEqual([7, 7, 7]);
    match.players[0]!.player.requestInputDelay(1);
    play(match, 5500, 9000);
    expect(delays(match)).toEqual([1, 1, 1]);
    const changes = told(match, 0, "delay");
    expect(changes.map(({ inputDelay }) => inputDelay)).toEqual([7, 1]);
    for (const index of [1, 2]) expect(told(match, index, "delay")).toEqual(changes);
    const { stats } = match.players[0]!.player;
    expect(stats.agreedEnd).toBeGreaterThan(changes[1]!.frame! + 60);
    expect(match.players.map(({ player }) => player.stats.stalls)).toEqual([0, 0, 0]);
    expect(match.sequencer.counts.equivocations).toBe(0);
  });

  it("is asked for again until the answer comes, and refused where it makes no sense", async () => {
    const match = await open([20, 20]);
    play(match, 0, 2000);
    const { player, up } = match.players[0]!;
    up.cut = true;
    player.requestInputDelay(5);
    play(match, 2000, 2300);
    up.cut = false;
    play(match, 2300, 4000);
    expect(delays(match)).toEqual([5, 5]);
    expect(told(match, 0, "delay")).toHaveLength(1);
    for (const frames of [-1, 16, 1.5]) expect(() => player.requestInputDelay(frames)).toThrow(/0 to 15 frames/);
  });

  it("changes once in three seconds at most, however often people ask", async () => {
    const match = await open([20, 20], {}, { jitterMs: 5 });
    play(match, 0, 2000);
    for (let asked = 0; asked < 200; asked++) {
      match.players[asked & 1]!.player.requestInputDelay(3 + (asked % 3));
      play(match, 2000 + 100 * asked, 2100 + 100 * asked);
    }
    const frames = told(match, 0, "delay").map(({ frame }) => frame!);
    expect(frames.length).toBeGreaterThanOrEqual(6);
    for (let i = 1; i < frames.length; i++) expect(frames[i]! - frames[i - 1]!).toBeGreaterThanOrEqual(180);
  });

  it("is lowered for nobody below what the paths need to play without stalls, in lockstep nor under deadlines", async () => {
    for (const settings of [
      { predictionWindow: 0, inputDelay: 6 },
      { predictionWindow: 4, inputDelay: 4, policy: 1 },
    ]) {
      const match = await open([45, 40, 10], settings);
      play(match, 0, 2000);
      const before = told(match, 2, "delay").length;
      match.players[2]!.player.requestInputDelay(1);
      play(match, 2000, 3500);
      const { stalledMs } = match.players[0]!.player.stats;
      play(match, 3500, 8000);
      const answers = told(match, 2, "delay").slice(before);
      expect(answers).toHaveLength(1);
      expect(answers[0]!.inputDelay).toBeGreaterThan(1);
      expect(match.players[0]!.player.stats.stalledMs - stalledMs).toBeLessThan(50);
      expect(match.sequencer.counts.replaced).toBe(0);
      match.players[2]!.player.requestInputDelay(9);
      play(match, 8000, 12_000);
      expect(delays(match)).toEqual([9, 9, 9]);
    }
  });

  it("costs nobody a rollback deeper than the window while it changes under substitute", async () => {
    const match = await open([30, 30], { policy: 1 });
    play(match, 0, 2000);
    for (const [i, frames] of [9, 0, 4].entries()) {
      match.players[i % 2]!.player.requestInputDelay(frames);
      play(match, 2000 + 3500 * i, 5500 + 3500 * i);
      expect(delays(match)).toEqual([frames, frames]);
    }
    expect(match.sequencer.counts.replaced).toBe(0);
    expect(match.players[0]!.player.stats.worstRollback).toBeLessThanOrEqual(8);
    expect(match.players[0]!.player.stats.agreedEnd).toBeGreaterThan(600);
  });
});

describe("automatic delay", () => {
  it("begins where lockstep needs it, so that nobody stalls", async () => {
    const match = await open([40, 50], { predictionWindow: 0, autoDelay: 1 }, { jitterMs: 8 });
    play(match, 0, 8000);
    expect(delays(match)[0]).toBeGreaterThanOrEqual(7);
    expect(match.players[0]!.player.stats.stalledMs).toBeLessThan(100);
    expect(match.players[0]!.player.stats.frame).toBeGreaterThan(400);
  });

  it("is raised soon when the paths grow longer, lowered late when they shrink, and never twice in three seconds", async () => {
    const match = await open([30, 40], { autoDelay: 1 }, { jitterMs: 8 });
    play(match, 0, 4000);
    expect(delays(match)).toEqual([2, 2]);
    reroute(match, 100);
    play(match, 4000, 7000);
    expect(Math.min(...delays(match))).toBeGreaterThan(5);
    play(match, 7000, 10_000);
    const high = delays(match)[0]!;
    reroute(match, 20);
    play(match, 10_000, 15_000);
    expect(delays(match)[0]).toBe(high);
    const { stalls } = match.players[0]!.player.stats;
    play(match, 15_000, 45_000);
    expect(delays(match)).toEqual([2, 2]);
    expect(match.players[0]!.player.stats.stalls).toBe(stalls);
    const frames = told(match, 0, "delay").map(({ frame }) => frame!);
    for (let i = 1; i < frames.length; i++) expect(frames[i]! - frames[i - 1]!).toBeGreaterThanOrEqual(180);
  });

  it.each([1, 2, 3])(
    "follows jitter alone, where datagrams take as long as before on average: up, and down again (seed %d)",
    async (seed) => {
      const match = await open([47, 47], { autoDelay: 1 }, { jitterMs: 5 }, seed);
      play(match, 0, 10_000);
      expect(told(match, 0, "delay")).toEqual([]);
      reroute(match, 20, 60);
      play(match, 10_000, 15_000);
      expect(delays(match)[0]).toBeGreaterThanOrEqual(3);
      play(match, 15_000, 40_000);
      const raised = told(match, 0, "delay").map(({ inputDelay }) => inputDelay);
      expect(raised).toEqual([...new Set(raised)].sort((a, b) => a - b));
      expect(raised.at(-1)).toBeGreaterThanOrEqual(4);
      expect(raised.length).toBeLessThanOrEqual(3);
      reroute(match, 47, 5);
      play(match, 40_000, 100_000);
      const changes = told(match, 0, "delay");
      const lowered = changes.map(({ inputDelay }) => inputDelay).slice(raised.length);
      expect(lowered).toEqual([...new Set(lowered)].sort((a, b) => b - a));
      expect(lowered.at(-1)).toBe(2);
      expect(lowered.length).toBeLessThanOrEqual(2);
      // Nothing in the last half minute.
      expect(changes.at(-1)!.frame).toBeLessThan(70 * 60);
      for (const [i, { frame }] of changes.entries()) {
        if (i > 0) expect(frame! - changes[i - 1]!.frame!).toBeGreaterThanOrEqual(180);
      }
    },
  );

  it("does not answer an outage", async () => {
    const match = await open([20, 20], { autoDelay: 1, policy: 1 });
    play(match, 0, 3000);
    match.players[0]!.pausedUntil = 5500;
    play(match, 3000, 9000);
    expect(delays(match)).toEqual([2, 2]);
    expect(match.players.map((_, index) => told(match, index, "advice"))).toEqual([[], []]);
  });

  it("only advises where the match does not ask for it, and once", async () => {
    const match = await open([30, 40], {}, { jitterMs: 8 });
    play(match, 0, 4000);
    expect(told(match, 0, "advice")).toEqual([]);
    reroute(match, 100);
    play(match, 4000, 9000);
    expect(delays(match)).toEqual([2, 2]);
    const advice = told(match, 0, "advice");
    expect(advice.length).toBeGreaterThan(0);
    expect(advice.length).toBeLessThan(5);
    expect(advice.at(-1)!.inputDelay).toBeGreaterThan(5);
  });
});
