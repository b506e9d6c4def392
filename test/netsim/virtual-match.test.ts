// The virtual match: what is done to one player's machine, clock or luck is done to him alone, and nothing heaps up.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { type Tamper, VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

const LOSSY: Conditions = { ...PERFECT, delayMs: 20, jitterMs: 10, loss: 0.1 };

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

interface Setup {
  players?: number;
  dice?: number[];
  predictionWindow?: number;
  tamper?: Tamper;
}

async function matchOf({
  players = 2,
  dice,
  predictionWindow = 8,
  tamper,
}: Setup): Promise<VirtualMatch<WasmSimulation>> {
  const config: MatchConfig = {
    ...MATCH_DEFAULTS,
    players,
    framesPerSecond: 60,
    predictionWindow,
    inputDelay: 1,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 5000,
    seedLow: 1,
    seedHigh: 2,
    rules: Uint8Array.of(3),
  };
  const simulations = await Promise.all(Array.from({ length: players }, () => game.simulation()));
  return new VirtualMatch({
    config,
    seed: 5,
    mode: "datagram",
    ...(tamper && { tamper }),
    players: simulations.map((simulation, index) => {
      const random = new Random(index);
      const held = new Uint8Array(2);
      const input = (): Uint8Array => {
        if (random.chance(0.1)) held[0]! ^= 1 << random.below(5);
        return held;
      };
      return { simulation, input, up: LOSSY, down: LOSSY, dice: dice?.[index] ?? index };
    }),
  });
}

function live(match: VirtualMatch<WasmSimulation>, begin: number, end: number): void {
  for (let now = begin; now < end; now++) match.turn(now);
}

const frames = (match: VirtualMatch<WasmSimulation>): number[] => match.players.map(({ player }) => player.stats.frame);

describe("in a virtual match", () => {
  it("a slow machine plays as many frames as its steps leave time for", async () => {
    const match = await matchOf({ predictionWindow: 0 });
    live(match, 0, 2000);
    const before = frames(match)[0]!;
    match.players[0]!.stepMs = 50;
    live(match, 2000, 4000);
    expect(frames(match)[0]! - before).toBeGreaterThan(30);
    expect(frames(match)[0]! - before).toBeLessThanOrEqual(40);
  });

  it("an application that drains nothing plays on, and hands over all of it afterwards", async () => {
    const match = await matchOf({});
    live(match, 0, 2000);
    const [player] = match.players;
    const { sent } = player!.up.counts;
    expect(player!.most.datagrams).toBeLessThan(4);
    player!.undrainedUntil = 2500;
    live(match, 2000, 2499);
    expect(player!.up.counts.sent).toBe(sent);
    live(match, 2499, 2600);
    expect(player!.most.datagrams).toBeGreaterThan(20);
    expect(player!.up.counts.sent).toBeGreaterThan(sent + 20);
  });

  it("a clock that is set forward does not move the match", async () => {
    const match = await matchOf({});
    live(match, 0, 3000);
    match.players[1]!.jump(60_000);
    live(match, 3000, 9000);
    const [a, b] = frames(match);
    expect(Math.abs(a! - b!)).toBeLessThan(20);
    expect(a).toBeGreaterThan(300);
  });

  it("a player's luck is his own: with another one beside him, his link loses the same datagrams", async () => {
    const [together, exchanged] = [await matchOf({ dice: [7, 8] }), await matchOf({ dice: [7, 9] })];
    for (const match of [together, exchanged]) live(match, 0, 400);
    const counts = (match: VirtualMatch<WasmSimulation>) => match.players.map(({ up }) => up.counts);
    expect(counts(together)[0]).toEqual(counts(exchanged)[0]);
  });

  it("whoever stands between the links and their ends may give a datagram to somebody else, or nobody", async () => {
    let taken = 0;
    const silencing: Tamper = (direction, player, bytes, handOn) => {
      if (direction === "up" && player === 1) taken += 1;
      else handOn(player, bytes);
    };
    const match = await matchOf({ tamper: silencing });
    live(match, 0, 2000);
    expect(taken).toBeGreaterThan(3);
    expect(match.sequencer.started).toBe(false);
    expect(match.players.map(({ player }) => player.phase)).toEqual(["probing", "greeting"]);
  });

  it("ten times the time holds no more memory", async () => {
    const match = await matchOf({});
    const weigh = (): number => {
      globalThis.gc?.();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    live(match, 0, 30_000);
    for (const { events } of match.players) events.length = 0;
    const before = weigh();
    live(match, 30_000, 300_000);
    expect(frames(match)[0]).toBeGreaterThan(15_000);
    expect(weigh() - before).toBeLessThan(500_000);
  });
});
