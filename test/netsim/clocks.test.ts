// Clocks that drift, paths that are faster one way than the other, and machines that pause: nobody plays faster or deeper for it.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

interface Side {
  up: Conditions;
  down: Conditions;
  skewPpm?: number;
}

async function match(sides: Side[], changes: Partial<MatchConfig> = {}): Promise<VirtualMatch<WasmSimulation>> {
  const simulations = await Promise.all(sides.map(() => game.simulation()));
  return new VirtualMatch({
    config: {
      players: sides.length,
      framesPerSecond: 60,
      predictionWindow: 8,
      inputDelay: 2,
      ...MATCH_DEFAULTS,
      inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
      dropAfterMs: 5000,
      seedLow: 1,
      seedHigh: 0,
      rules: new Uint8Array(0),
      ...changes,
    },
    seed: 1,
    mode: "datagram",
    players: simulations.map((simulation, seat) => {
      const random = new Random(seat);
      const held = Uint8Array.of(1, 0);
      const input = (): Uint8Array => {
        if (random.chance(0.2)) held[0] = 1 + random.below(15);
        return held;
      };
      return { simulation, input, ...sides[seat]! };
    }),
  });
}

interface Watched {
  resimulated: number;
  /** Most frames that anybody played between two milliseconds, from the fourth second on. */
  mostAtOnce: number;
  /** The longest time in which anybody's frame did not change, from the fourth second on, in ms. */
  longestGapMs: number;
  /** Frames in each second from the fourth on, of everybody. */
  paces: number[];
  /** Speculative frames of each player: their mean, and how far apart the least and the most are. */
  depths: { mean: number; spread: number }[];
}

function watch(played: VirtualMatch<WasmSimulation>, forMs: number): Watched {
  const stats = played.players.map(({ player }) => player.stats);
  const before = stats.map(() => 0);
  const second = stats.map(() => 0);
  const changedAt = stats.map(() => 0);
  const seen = stats.map((): number[] => []);
  const watched: Watched = { resimulated: 0, mostAtOnce: 0, longestGapMs: 0, paces: [], depths: [] };
  for (let now = 0; now < forMs; now++) {
    played.turn(now);
    for (const [i, { frame, confirmedEnd }] of stats.entries()) {
      if (frame > before[i]!) changedAt[i] = now;
      if (now >= 4000) {
        watched.longestGapMs = Math.max(watched.longestGapMs, now - changedAt[i]!);
        watched.mostAtOnce = Math.max(watched.mostAtOnce, frame - before[i]!);
        seen[i]!.push(frame - confirmedEnd);
        if (now % 1000 === 0 && now > 4000) watched.paces.push(frame - second[i]!);
      }
      before[i] = frame;
      if (now % 1000 === 0) second[i] = frame;
    }
  }
  watched.resimulated = stats.reduce((sum, { resimulatedFrames }) => sum + resimulatedFrames, 0);
  watched.depths = seen.map((depths) => ({
    mean: depths.reduce((sum, depth) => sum + depth, 0) / depths.length,
    spread: depths.reduce((a, b) => Math.max(a, b)) - depths.reduce((a, b) => Math.min(a, b)),
  }));
  return watched;
}

const FRAME_MS = 1000 / 60;
const CALM: Conditions = { ...PERFECT, delayMs: 40, jitterMs: 6 };

describe("clocks that drift apart by a thousandth", () => {
  it.each([
    [1000, 0],
    [-1000, 0],
    [500, -500],
  ])("cost at most 3 % more resimulation and not one frame (%d and %d ppm)", async (a, b) => {
    const even = { up: CALM, down: CALM };
    const together = watch(await match([even, even]), 40_000);
    const played = await match([
      { ...even, skewPpm: a },
      { ...even, skewPpm: b },
    ]);
    const apart = watch(played, 40_000);
    expect(apart.resimulated).toBeLessThanOrEqual(1.03 * together.resimulated);
    expect(apart.mostAtOnce).toBe(1);
    // A frame that the clock holds is no stall, and not one is held.
    expect(Math.min(...apart.paces)).toBeGreaterThanOrEqual(59);
    expect(Math.max(...apart.paces)).toBeLessThanOrEqual(61);
    expect(apart.longestGapMs).toBeLessThanOrEqual(2 * FRAME_MS);
    for (const { player } of played.players) expect([player.stats.stalls, player.stats.clock]).toEqual([0, "running"]);
  });
});

describe("a path of 10 ms one way and 200 the other", () => {
  const quick: Conditions = { ...PERFECT, delayMs: 10, jitterMs: 6 };
  const slow: Conditions = { ...PERFECT, delayMs: 200, jitterMs: 6 };
  const plain: Conditions = { ...PERFECT, delayMs: 30, jitterMs: 6 };
  it.each([
    ["of one of two players", { up: quick, down: slow }, { up: plain, down: plain }],
    ["of both", { up: quick, down: slow }, { up: quick, down: slow }],
    ["of both, each the other way round", { up: quick, down: slow }, { up: slow, down: quick }],
  ])("%s settles: an even pace, and the same depth on both sides", async (_, first, second) => {
    const played = await match([first, second], { predictionWindow: 15, inputDelay: 4 });
    const { paces, depths, mostAtOnce } = watch(played, 20_000);
    expect(Math.min(...paces)).toBeGreaterThanOrEqual(59);
    expect(Math.max(...paces)).toBeLessThanOrEqual(61);
    expect(mostAtOnce).toBe(1);
    expect(Math.abs(depths[0]!.mean - depths[1]!.mean)).toBeLessThan(0.5);
    for (const { spread } of depths) expect(spread).toBeLessThanOrEqual(2);
    for (const { player } of played.players) expect(player.stats.stalls).toBe(0);
  });
});

describe("a player who sleeps for two seconds", () => {
  it("clamps the others, who then play on at their pace, and is told how it went", async () => {
    const even = { up: CALM, down: CALM };
    const played = await match([even, even, even]);
    let now = 0;
    const until = (end: number): void => {
      for (; now < end; now++) played.turn(now);
    };
    until(4000);
    const [sleeper, other] = played.players;
    sleeper!.pausedUntil = 6000;
    until(5900);
    expect(other!.player.stats.clock).toBe("clamped");
    until(6000);
    const before = other!.player.stats.frame;
    until(7000);
    expect(other!.player.stats.clock).toBe("running");
    expect(other!.player.stats.frame - before).toBeLessThan(60 + 8 + 2);
    expect(other!.player.stats.frame - before).toBeGreaterThan(50);
    const frames = (): number[] => played.players.map(({ player }) => player.stats.frame);
    for (let second = 7; second < 12; second++) {
      const begun = frames();
      until(1000 * (second + 1));
      for (const [i, frame] of frames().entries()) {
        expect(frame - begun[i]!).toBeGreaterThanOrEqual(59);
        expect(frame - begun[i]!).toBeLessThanOrEqual(61);
      }
    }
    const states = sleeper!.events.flatMap((event) => (event.type === "clock" ? [event.state] : []));
    expect(states).toEqual(["asleep", "running"]);
    expect(other!.events.some((event) => event.type === "clock")).toBe(false);
  });

  it("presses nothing in any of the frames that he missed", async () => {
    const even = { up: CALM, down: CALM };
    const played = await match([even, even], { predictionWindow: 15, inputDelay: 1 });
    for (let now = 0; now < 4000; now++) played.turn(now);
    const inputs = played.sequencer.inputs!;
    const seat = played.players[0]!.player.seat!;
    const cell = seat * inputs.cellBytes + CELL_HEADER_BYTES;
    const pressed = (frame: number): number => inputs.recordOf(seat, frame)[cell]!;
    let held = inputs.held(seat);
    played.players[0]!.pausedUntil = 6000;
    for (let now = 4000; now < 7000; now++) played.turn(now);
    while (pressed(held) > 0) held += 1; // those under way when he fell asleep
    let missed = 0;
    while (pressed(held + missed) === 0) missed += 1;
    expect(missed).toBeGreaterThan(12); // more than are played in one tick
    for (let frame = held + missed; frame < inputs.held(seat); frame++) expect(pressed(frame)).toBeGreaterThan(0);
  });
});
