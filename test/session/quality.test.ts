// What a player knows of his path: measured where datagrams arrive, told in eight steps, followed by how often inputs are sent.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Link } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import { Redundancy } from "../../src/session/inputs/redundancy.js";
import { LOSS_LEVELS, LossMeter } from "../../src/session/path/loss.js";
import { PathMeter, TRAVEL_STEPS } from "../../src/session/path/path-meter.js";
import { Growth, Least } from "../../src/session/path/spells.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";
import { stripe } from "./striped.js";

/** What a meter makes of so many datagrams over a link, every third of which tells its number. */
function measured(conditions: Partial<Conditions>, count = 2000, modulus = 32): LossMeter {
  const link = new Link(new Random(1), "datagram");
  link.conditions = { ...PERFECT, ...conditions };
  const meter = new LossMeter(modulus);
  const hear = (bytes: Uint8Array): void => {
    meter.arrived();
    const number = bytes[0]! | (bytes[1]! << 8);
    if (number % 3 === 0) meter.numbered(number % modulus);
  };
  for (let number = 0; number < count; number++) {
    link.send(Uint8Array.of(number & 255, number >> 8), 16 * number);
    link.deliver(16 * number, hear);
  }
  return meter;
}

describe("the meter of losses", () => {
  it.each([0, 0.02, 0.1, 0.3])("finds a share of %d, in whatever order datagrams come", (loss) => {
    const share = measured({ loss, delayMs: 20, jitterMs: 40 }).share;
    expect(Math.abs(share - loss)).toBeLessThanOrEqual(loss === 0 ? 0 : 0.01 + 0.15 * loss);
  });

  it("counts a path without losses as one, however late and doubled", () => {
    expect(measured({ delayMs: 100, jitterMs: 60, duplicate: 0.05, reorder: 0.05 }).level).toBe(0);
  });

  it("reckons with more where losses come in bursts", () => {
    const newest = (conditions: Partial<Conditions>): number => {
      const redundancy = new Redundancy(0, 16);
      redundancy.adapt(measured(conditions).level);
      return redundancy.datagrams;
    };
    expect(newest({})).toBe(2);
    expect(newest({ loss: 0.01 })).toBe(3);
    expect(newest({ loss: 0.05 })).toBe(3);
    expect(newest({ loss: 0.1 })).toBe(4);
    expect(newest({ loss: 0.05, burst: 4 })).toBeGreaterThanOrEqual(6);
    expect(newest({ loss: 0.3, burst: 4 })).toBe(8);
  });

  it("forgets a bad time within some ten seconds", () => {
    const meter = new LossMeter(32);
    for (let number = 0; number < 300; number++) {
      if (number % 2 === 0) meter.arrived();
      if (number % 6 === 0) meter.numbered(number % 32);
    }
    expect(meter.share).toBeCloseTo(0.5, 1);
    for (let number = 300; number < 300 + 1200; number++) {
      meter.arrived();
      if (number % 3 === 0) meter.numbered(number % 32);
    }
    expect(meter.share).toBeLessThan(LOSS_LEVELS[4]!);
  });
});

describe("the meter of a path", () => {
  it("takes the mean difference of travel for jitter, and a pause for none", () => {
    const meter = new PathMeter(32);
    for (let i = 0; i < 200; i++) meter.travelled(TRAVEL_STEPS * (1000 + (i % 2 === 0 ? 0 : 10)));
    expect(meter.jitterMs).toBeCloseTo(10, 1);
    meter.travelled(TRAVEL_STEPS * 90_000);
    expect(meter.jitterMs).toBeCloseTo(10, 1);
  });

  it("does not mind where the clocks stand, nor that 32 bits run over", () => {
    const meter = new PathMeter(32);
    for (let i = 0; i < 100; i++) meter.travelled((0x7fff_fff0 + (i % 2) * TRAVEL_STEPS * 4) | 0);
    expect(meter.jitterMs).toBeCloseTo(4, 1);
  });
});

describe("figures of the last second or two", () => {
  it("are the least, and forgotten in time", () => {
    const least = new Least();
    least.note(50, 0);
    least.note(20, 500);
    for (let now = 600; now <= 1900; now += 100) least.note(50, now);
    expect(least.value).toBe(20);
    for (let now = 2000; now <= 3100; now += 100) least.note(50, now);
    expect(least.value).toBe(50);
  });

  it("are the growth of a second", () => {
    const growth = new Growth();
    for (let now = 0; now <= 3000; now += 10) growth.note(7 * now, now);
    expect(growth.perSecond).toBe(7000);
  });
});

describe("redundancy", () => {
  const path = { roundTripMs: 100 };

  it("puts each frame into as many datagrams as loss demands, and then waits for word of it", () => {
    const redundancy = new Redundancy(0, 16);
    redundancy.adapt(1);
    const firsts = [1, 2, 3, 4, 5].map((end) => {
      const first = redundancy.first(0, end, path, 16 * end);
      redundancy.sent(first, end, 16 * end);
      return first;
    });
    expect(firsts).toEqual([0, 0, 0, 1, 2]);
  });

  it("puts each frame on every stripe, however little is lost", () => {
    const redundancy = new Redundancy(0, 16);
    redundancy.adapt(0, 3);
    expect(redundancy.datagrams).toBe(3);
    expect(redundancy.copies).toBe(1); // parts of a long input share a stripe: another copy there is of no use
    redundancy.adapt(LOSS_LEVELS.length - 1, 3);
    expect(redundancy.datagrams).toBe(8);
    redundancy.adapt(0, 1);
    expect(redundancy.datagrams).toBe(2);
  });

  it("sends all that is unacknowledged when there is nothing new: somebody may be waiting for it", () => {
    const redundancy = new Redundancy(0, 16);
    for (let end = 1; end < 8; end++) redundancy.sent(redundancy.first(0, end, path, end), end, end);
    expect(redundancy.first(0, 8, path, 8)).toBe(5);
    redundancy.sent(5, 8, 8);
    expect(redundancy.first(0, 8, path, 9)).toBe(0);
    expect(redundancy.first(8, 8, path, 9)).toBe(8);
  });
});

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

async function match(network: Conditions): Promise<VirtualMatch<WasmSimulation>> {
  const simulations = await Promise.all([game.simulation(), game.simulation()]);
  return new VirtualMatch({
    config: {
      players: 2,
      framesPerSecond: 60,
      predictionWindow: 8,
      inputDelay: 2,
      ...MATCH_DEFAULTS,
      inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
      dropAfterMs: 5000,
      seedLow: 3,
      seedHigh: 0,
      rules: new Uint8Array(0),
    },
    seed: 3,
    mode: "datagram",
    players: simulations.map((simulation, seat) => {
      let frame = 0;
      return { simulation, up: network, down: network, input: () => Uint8Array.of((frame++ >> 3) + seat, 0) };
    }),
  });
}

describe("a player's figures", () => {
  it("are one object, and say what the path is like", async () => {
    const played = await match({ ...PERFECT, delayMs: 30, jitterMs: 8 });
    const { player } = played.players[0]!;
    const { stats } = player;
    for (let now = 0; now < 5000; now++) played.turn(now);
    const sent = player.sentBytes;
    for (let now = 5000; now < 8000; now++) played.turn(now);
    expect(player.stats).toBe(stats);
    expect(stats.jitterMs).toBeGreaterThan(1);
    expect(stats.jitterMs).toBeLessThan(8);
    expect([stats.lossUp, stats.lossDown, stats.redundancy]).toEqual([0, 0, 2]);
    expect(stats.bytesPerSecondUp / ((player.sentBytes - sent) / 3)).toBeCloseTo(1, 1);
    expect(stats.bytesPerSecondDown).toBeGreaterThan(300);
    // Others' inputs may be late by the window and the delay: ten frames, of which the path takes 60 to 76 ms.
    expect(stats.marginMs).toBeGreaterThan(50);
    expect(stats.marginMs).toBeLessThan(10 * 16.7 - 60);
    expect(stats.stability).toBeGreaterThan(0.75);
    const rollbacks = stats.depths.reduce((sum, count) => sum + count, 0);
    const frames = stats.depths.reduce((sum, count, depth) => sum + count * depth, 0);
    expect(rollbacks).toBe(stats.rollbacks);
    expect(frames).toBe(stats.resimulatedFrames);
    const seat = played.sequencer.quality(0)!;
    expect(seat.roundTripMs).toBeGreaterThan(55);
    expect(seat.jitterMs).toBeGreaterThan(1);
    expect([seat.lossUp, seat.lossDown, seat.redundancy]).toEqual([0, 0, 2]);
    expect(seat.bytesPerSecondDown / stats.bytesPerSecondDown).toBeCloseTo(1, 1);
    expect(seat.marginMs).toBeGreaterThan(100);
  });

  it("tell each side what it loses, and inputs go more often; each change is told once, and not at every flicker", async () => {
    const calm = { ...PERFECT, delayMs: 20 };
    const played = await match(calm);
    const [first, second] = played.players;
    const told = (): string[] =>
      first!.events.flatMap((event) => (event.type === "quality" ? [`${event.change} ${event.reason}`] : []));
    let now = 0;
    const until = (end: number): void => {
      for (; now < end; now++) played.turn(now);
    };
    until(6000);
    expect(told()).toEqual([]);
    first!.up.conditions = { ...calm, loss: 0.2 };
    until(16_000);
    expect(told()).toEqual(["worse loss"]);
    expect(first!.player.stats.lossUp).toBeGreaterThanOrEqual(0.08);
    expect(first!.player.stats.redundancy).toBeGreaterThanOrEqual(5);
    expect(first!.player.stats.lossDown).toBe(0);
    expect(Math.abs(played.sequencer.quality(0)!.lossUp - 0.2)).toBeLessThan(0.08); // the calm before still counts
    expect(played.sequencer.quality(0)!.redundancy).toBe(2);
    expect(second!.player.stats.redundancy).toBe(2);
    first!.up.conditions = calm;
    until(60_000);
    expect(told()).toEqual(["worse loss", "better loss"]);
    expect(first!.player.stats.redundancy).toBe(2);
  });

  it("of what is lost on the way down alone make the sequencer send more often, and only to him", async () => {
    const calm = { ...PERFECT, delayMs: 20 };
    const played = await match(calm);
    const [first, second] = played.players;
    const often = (): (number | undefined)[] => [0, 1].map((seat) => played.sequencer.quality(seat)?.redundancy);
    let now = 0;
    const until = (end: number): void => {
      for (; now < end; now++) played.turn(now);
    };
    until(6000);
    expect(often()).toEqual([2, 2]);
    first!.down.conditions = { ...calm, loss: 0.3 };
    until(16_000);
    expect(often()[0]).toBeGreaterThanOrEqual(5);
    expect(often()[1]).toBe(2);
    expect(first!.player.stats.lossDown).toBeGreaterThanOrEqual(0.08);
    expect(played.sequencer.quality(0)!.lossDown).toBeGreaterThanOrEqual(0.08);
    expect([first, second].map((each) => each!.player.stats.redundancy)).toEqual([2, 2]);
    expect([first, second].map((each) => each!.player.stats.lossUp)).toEqual([0, 0]);
    first!.down.conditions = calm;
    until(60_000);
    expect(often()).toEqual([2, 2]);
    expect(first!.player.stats.lossDown).toBe(0);
  });

  it("is not needed for every stripe of a striped line to carry each frame, both ways and for him alone", async () => {
    const played = await match({ ...PERFECT, delayMs: 20 });
    const [first, second] = played.players;
    stripe(first!, 1);
    for (let now = 0; now < 6000; now++) played.turn(now);
    expect([first, second].map((each) => each!.player.stats.redundancy)).toEqual([3, 2]);
    expect([0, 1].map((seat) => played.sequencer.quality(seat)!.redundancy)).toEqual([3, 2]);
  });
});
