// Every figure of a path, a player's and the sequencer's, beside the truth of a simulated path that is known.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import type { Link } from "../../src/netsim/link.js";
import type { SeatQuality } from "../../src/sequencer/seat-quality.js";
import { LOSS_LEVELS } from "../../src/session/path/loss.js";
import type { PlayerStats } from "../../src/session/player-stats.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { eventsOf, type Guest, type Party, type PartyOptions, party, play } from "./party.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

const FRAME_MS = 1000 / 60;
const WINDOW = 8;
const DELAY = 2;

/** The other player's way, each way: near and calm, so that nothing but the path under test is in the figures. */
const OTHER: Conditions = { ...PERFECT, delayMs: 10 };

/** The figures are looked at from the first to the second, once they have settled. */
const FROM_MS = 10_000;
const TO_MS = 30_000;
const SECONDS = (TO_MS - FROM_MS) / 1000;

interface Way {
  up?: Partial<Conditions>;
  down?: Partial<Conditions>;
}

async function matchOn({ up, down }: Way, options: Partial<PartyOptions> = {}): Promise<Party> {
  const calm = { ...PERFECT, delayMs: 20 };
  const tested = { up: { ...calm, ...up }, down: { ...calm, ...down }, tickMs: 1 };
  return party(game, { comes: [0, 0], network: OTHER, players: [tested, { tickMs: 1 }], seed: 4, ...options });
}

/** What goes over a link and what comes out of it, in bytes. */
class Scale {
  entered = 0;
  readonly #before: { sent: number; lost: number };
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
    this.#before = { ...link.counts };
    const send = link.send.bind(link);
    link.send = (bytes, now) => {
      this.entered += bytes.length;
      send(bytes, now);
    };
  }

  get lost(): number {
    const { sent, lost } = this.#link.counts;
    return (lost - this.#before.lost) / (sent - this.#before.sent);
  }
}

type Mean<T> = { [K in keyof T]: number };

/** Means of what an object showed at each look. */
class Means<T extends object> {
  readonly #sums: Record<string, number> = {};
  #looks = 0;

  look(at: T): void {
    this.#looks += 1;
    for (const [name, value] of Object.entries(at)) {
      if (typeof value === "number") this.#sums[name] = (this.#sums[name] ?? 0) + value;
    }
  }

  get values(): Mean<T> {
    return Object.fromEntries(Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#looks])) as Mean<T>;
  }
}

interface Seen {
  match: Party;
  guest: Guest;
  player: Mean<PlayerStats>;
  seat: Mean<SeatQuality>;
  /** Bytes a second that went in and came out, and the shares that were lost. */
  up: { entered: number; left: number; lost: number };
  down: { entered: number; left: number; lost: number };
  /** Time in which the first player's screen stood still, in ms. */
  stoodStillMs: number;
}

/** Plays on a path, and looks at the figures of the first player, who has it. */
async function seenOn(way: Way, happens: (match: Party, now: number) => void = () => {}): Promise<Seen> {
  const left = { up: 0, down: 0 };
  let now = 0;
  const match = await matchOn(way, {
    tamper(direction, index, bytes, handOn) {
      if (index === 0 && now >= FROM_MS) left[direction] += bytes.length;
      handOn(index, bytes);
    },
  });
  const guest = match.players[0]!;
  const { stats } = guest.player;
  play(match, 0, FROM_MS);
  const scales = { up: new Scale(guest.up), down: new Scale(guest.down) };
  const player = new Means<PlayerStats>();
  const seat = new Means<SeatQuality>();
  let { frame } = stats;
  let [movedAt, stoodStillMs] = [FROM_MS, 0];
  for (now = FROM_MS; now < TO_MS; now++) {
    happens(match, now);
    match.turn(now);
    if (stats.frame !== frame) {
      if (now - movedAt > 2 * FRAME_MS) stoodStillMs += now - movedAt - FRAME_MS;
      [frame, movedAt] = [stats.frame, now];
    }
    player.look(stats);
    seat.look(match.sequencer.quality(guest.player.seat!)!);
  }
  const of = (direction: "up" | "down") => ({
    entered: scales[direction].entered / SECONDS,
    left: left[direction] / SECONDS,
    lost: scales[direction].lost,
  });
  return {
    ...{ match, guest, stoodStillMs },
    ...{ player: player.values, seat: seat.values, up: of("up"), down: of("down") },
  };
}

/** Within a share of the truth, or so close that nobody could tell. */
function expectNear(name: string, figure: number, truth: number, { share = 0.1, least = 0 } = {}): void {
  const text = `${name}: ${figure.toFixed(3)}, in truth ${truth.toFixed(3)}`;
  expect(Math.abs(figure - truth), text).toBeLessThanOrEqual(Math.max(share * truth, least));
}

/** As it is told to the other side: the greatest level that is not above it, of those for losses without bursts. */
function levelOf(share: number): number {
  return Math.max(...LOSS_LEVELS.slice(0, 6).filter((level) => level <= share));
}

const PATHS: [string, Way][] = [
  ["near", {}],
  ["slow down", { up: { delayMs: 10 }, down: { delayMs: 90 } }],
  ["slow up", { up: { delayMs: 90 }, down: { delayMs: 10 } }],
  ["uneven up", { up: { jitterMs: 12 }, down: { jitterMs: 6 } }],
  ["uneven down", { up: { jitterMs: 6 }, down: { jitterMs: 12 } }],
  ["lossy up", { up: { loss: 0.12 }, down: { loss: 0.06 } }],
  ["lossy down", { up: { loss: 0.06 }, down: { loss: 0.12 } }],
  ["all of it", { up: { delayMs: 60, jitterMs: 9, loss: 0.03 }, down: { delayMs: 60, jitterMs: 9, loss: 0.03 } }],
];

describe("on a path that is known", () => {
  it.each(PATHS)("the figures of a player are true: %s", async (_, way) => {
    const { player, up, down } = await seenOn(way);
    const [u, d] = [
      { ...PERFECT, delayMs: 20, ...way.up },
      { ...PERFECT, delayMs: 20, ...way.down },
    ];
    expectNear("round trip", player.roundTripMs, u.delayMs + d.delayMs + (u.jitterMs + d.jitterMs) / 2);
    // The mean difference of two that are evenly spread is a third of the spread.
    expectNear("jitter", player.jitterMs, d.jitterMs / 3, { share: 0.15, least: 0.1 });
    expectNear("loss up", player.lossUp, levelOf(u.loss));
    expectNear("loss down", player.lossDown, down.lost, { share: 0.15 });
    expectNear("bytes up", player.bytesPerSecondUp, up.entered, { share: 0.03 });
    expectNear("bytes down", player.bytesPerSecondDown, down.left, { share: 0.03 });
    const stability = (1 - levelOf(u.loss)) * (1 - down.lost) * (FRAME_MS / (FRAME_MS + d.jitterMs / 3));
    expectNear("stability", player.stability, stability, { share: 0.03 });
    expect(player.stalledShare).toBe(0);
    // Whose clock is how wrong does not matter: it is half the difference of his ways, and makes the ways equal.
    const trips = (u.delayMs + d.delayMs + 2 * OTHER.delayMs) / 2;
    const margin = (WINDOW + DELAY) * FRAME_MS - trips - d.jitterMs;
    // What is lost comes with the next datagram, or the one behind it.
    const late = d.loss > 0 ? 1.7 * FRAME_MS : 0;
    expectNear("margin", player.marginMs, margin - late, { share: 0, least: d.loss > 0 ? 1.2 * FRAME_MS : 3 });
  });

  it.each(PATHS)("the figures of a seat are true: %s", async (_, way) => {
    const { seat, up, down } = await seenOn(way);
    const [u, d] = [
      { ...PERFECT, delayMs: 20, ...way.up },
      { ...PERFECT, delayMs: 20, ...way.down },
    ];
    expectNear("round trip", seat.roundTripMs, u.delayMs + d.delayMs + (u.jitterMs + d.jitterMs) / 2);
    // Beside the path's, half a ms of the player's ticks, which are whole ms.
    expectNear("jitter", seat.jitterMs, u.jitterMs / 3, { share: 0.15, least: 0.6 });
    expectNear("loss up", seat.lossUp, up.lost, { share: 0.15 });
    expectNear("loss down", seat.lossDown, levelOf(d.loss));
    expectNear("bytes up", seat.bytesPerSecondUp, up.left, { share: 0.03 });
    expectNear("bytes down", seat.bytesPerSecondDown, down.entered, { share: 0.03 });
    const margin = (WINDOW + 2 * DELAY) * FRAME_MS - (u.delayMs + d.delayMs) / 2 - u.jitterMs;
    const late = u.loss > 0 ? 1.7 * FRAME_MS : 0;
    expectNear("margin", seat.marginMs, margin - late, { share: 0, least: u.loss > 0 ? 1.2 * FRAME_MS : 3 });
  });

  it("a second without it is a second of stalls, less what the window hides, and costs stability as much", async () => {
    const { guest, player, stoodStillMs } = await seenOn({}, ({ players }, now) => {
      for (const link of [players[0]!.up, players[0]!.down]) link.cut = now >= 15_200 && now < 16_200;
    });
    const { stats } = guest.player;
    // From the last datagram to the next one it is as long as the cut; of that the margin is played.
    const margin = (WINDOW + DELAY) * FRAME_MS - 30;
    expectNear("longest stall", stats.longestStallMs, 1000 - margin, { share: 0, least: FRAME_MS });
    expectNear("share of stalls", player.stalledShare * SECONDS * 1000, stoodStillMs, { share: 0.1 });
    expectNear("stalls in all", stats.stalledMs, stoodStillMs, { share: 0.1 });
    expect(stats.stalls).toBeLessThanOrEqual(3);
    expect(player.stability).toBeLessThan(1 - (0.9 * stoodStillMs) / (SECONDS * 1000));
    expect(eventsOf(guest, "clock")).toMatchObject([{ state: "catchingUp" }, { state: "running" }]);
  });

  it("as many bytes are counted as a narrow path lets through, and its queue is part of the round trip", async () => {
    const bytesPerSecond = 250;
    const { seat, player, up } = await seenOn({ up: { bytesPerSecond } });
    expectNear("bytes up, there", seat.bytesPerSecondUp, bytesPerSecond, { share: 0.05 });
    expectNear("bytes up, here", player.bytesPerSecondUp, up.entered, { share: 0.05 });
    expect(player.roundTripMs).toBeGreaterThan(40 + 0.9 * 250);
    expect(player.roundTripMs).toBeLessThan(40 + 1.4 * 250); // and the last datagram that the queue took
    expectNear("loss up", seat.lossUp, up.lost, { share: 0.25 });
  });
});

describe("the depths of rollbacks", () => {
  it("are those that the simulation was sent back by, one by one", async () => {
    const match = await matchOn({ up: { delayMs: 60, loss: 0.05 }, down: { delayMs: 50, jitterMs: 90, loss: 0.1 } });
    const { player, simulation } = match.players[0]!;
    const calls = { steps: 0, returns: 0 };
    count(simulation, calls);
    const depths = new Array<number>(player.stats.depths.length).fill(0);
    for (let now = 0; now < 20_000; now++) {
      const { phase } = player;
      const { frame } = player.stats;
      Object.assign(calls, { steps: 0, returns: 0 });
      match.turn(now);
      if (phase !== "running" || calls.returns === 0) continue;
      expect(calls.returns).toBe(1);
      depths[calls.steps - (player.stats.frame - frame)]! += 1;
    }
    expect([...player.stats.depths]).toEqual(depths);
    expect(depths.filter((times) => times > 5).length).toBeGreaterThan(3);
  });
});

/** Counts what a simulation is asked to do. */
function count(simulation: WasmSimulation, calls: { steps: number; returns: number }): void {
  const step = simulation.step.bind(simulation);
  const restore = simulation.restore.bind(simulation);
  simulation.step = () => {
    calls.steps += 1;
    return step();
  };
  simulation.restore = (slot) => {
    calls.returns += 1;
    restore(slot);
  };
}

describe("a path that gets worse, and better", () => {
  const WORSE: [string, Partial<Conditions>, number][] = [
    ["loss", { loss: 0.1 }, DELAY],
    // With a delay beside which nobody stalls.
    ["jitter", { jitterMs: 150 }, 15],
    ["stalls", { delayMs: 400 }, DELAY],
  ];
  it.each(WORSE)("is told as such, with its reason: %s", async (reason, worse, inputDelay) => {
    const match = await matchOn({}, { config: { inputDelay, dropAfterMs: 5000 } });
    const { down, events, player } = match.players[0]!;
    const calm = down.conditions;
    const told = (): unknown[] =>
      events.flatMap((event) => (event.type === "quality" ? [`${event.change} ${event.reason}`] : []));
    play(match, 0, 8000);
    expect(told()).toEqual([]);
    expect(player.stats.stability).toBeGreaterThan(0.99);
    down.conditions = { ...calm, ...worse };
    play(match, 8000, 16_000);
    expect(told()).toEqual([`worse ${reason}`]);
    expect(player.stats.stability).toBeLessThan(0.95);
    down.conditions = calm;
    play(match, 16_000, 50_000);
    // What was bad last: a way that is suddenly shorter looks like one with losses for a while.
    expect(told()).toEqual([`worse ${reason}`, expect.stringMatching(/^better /)]);
    expect(player.stats.stability).toBeGreaterThan(0.97);
  });
});
