// Deadlines: under `substitute` a late input is replaced, so that nobody waits for anybody, and everybody knows it.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE, PRESENCE_REPLACED } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
}, 60_000);

interface Played {
  match: VirtualMatch<WasmSimulation>;
  /** Of each frame, the record that the sequencer made final. */
  truth: Uint8Array[];
  /** By player, the low half of the hash chain at each frame. */
  chains: number[][];
}

async function open(paths: Partial<Conditions>[], changes: Partial<MatchConfig> = {}, seed = 1): Promise<Played> {
  const config: MatchConfig = {
    players: paths.length,
    framesPerSecond: 60,
    predictionWindow: 8,
    inputDelay: 2,
    ...MATCH_DEFAULTS,
    policy: 1,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 5000,
    seedLow: 1,
    seedHigh: 2,
    rules: new Uint8Array(0),
    ...changes,
  };
  const simulations = await Promise.all(paths.map(() => game.simulation()));
  const truth: Uint8Array[] = [];
  const chains: number[][] = paths.map(() => []);
  const match = new VirtualMatch<WasmSimulation>({
    config,
    seed,
    mode: "datagram",
    sequencer: { onConfirmed: (_, record) => truth.push(record.slice()) },
    players: simulations.map((simulation, index) => {
      let asked = 0;
      return {
        simulation,
        input: () => Uint8Array.of(1 + ((asked++ / (7 + index)) & 15), 0),
        up: { ...PERFECT, ...paths[index] },
        down: { ...PERFECT, ...paths[index] },
        onConfirmed: (_, end, chain) => {
          chains[index]![end] = chain;
        },
      };
    }),
  });
  return { match, truth, chains };
}

function play({ match }: Played, begin: number, end: number): void {
  for (let now = begin; now < end; now++) match.turn(now);
}

function silence({ match }: Played, index: number, silent: boolean): void {
  const { up, down } = match.players[index]!;
  up.cut = silent;
  down.cut = silent;
}

function stalls({ match }: Played): number[] {
  return match.players.map(({ player }) => player.stats.stalls);
}

/** The frames in which a seat's final input is flagged. */
function flagged({ match, truth }: Played, seat: number): number[] {
  const cell = seat * match.sequencer.inputs!.cellBytes;
  return truth.flatMap((record, frame) => (record[cell] === PRESENCE_REPLACED ? [frame] : []));
}

function expectAgreement({ chains }: Played, frames: number): void {
  const end = Math.min(...chains.map(({ length }) => length));
  expect(end).toBeGreaterThan(frames);
  for (const chain of chains) expect(chain.slice(1, end)).toEqual(chains[0]!.slice(1, end));
}

const NEAR = [
  { delayMs: 20, jitterMs: 5 },
  { delayMs: 30, jitterMs: 5 },
  { delayMs: 25, jitterMs: 5 },
];

describe("two seconds of silence of one player", () => {
  it("stall nobody else, and everybody agrees about them", async () => {
    const played = await open(NEAR);
    play(played, 0, 2500);
    const before = stalls(played);
    silence(played, 2, true);
    play(played, 2500, 4500);
    silence(played, 2, false);
    play(played, 4500, 6500);
    expect(stalls(played).slice(0, 2)).toEqual(before.slice(0, 2));
    expectAgreement(played, 310);
    const seats = played.match.players.map(({ player }) => player.seat!);
    expect(flagged(played, seats[2]!).length).toBeGreaterThan(110);
    expect(flagged(played, seats[0]!)).toEqual([]);
  });

  it("stall everybody where the match waits", async () => {
    const played = await open(NEAR, { policy: 0 });
    play(played, 0, 2500);
    silence(played, 2, true);
    play(played, 2500, 4500);
    expect(stalls(played)).toEqual([1, 1, 1]);
  });

  it("are told to him whose inputs were replaced: those frames, no others, and he plays the truth", async () => {
    const played = await open(NEAR);
    play(played, 0, 2500);
    silence(played, 2, true);
    play(played, 2500, 4500);
    silence(played, 2, false);
    play(played, 4500, 6500);
    const seat = played.match.players[2]!.player.seat!;
    const told: number[] = [];
    for (const event of played.match.players[2]!.events) {
      if (event.type === "replaced") for (let f = event.begin; f < event.end; f++) told.push(f);
    }
    expect(told).toEqual(flagged(played, seat));
    const others = played.match.players.slice(0, 2).flatMap(({ events }) => events);
    expect(others.some(({ type }) => type === "replaced")).toBe(false);
    expectAgreement(played, 310);
  });

  it("are played with what he held before, again and again", async () => {
    const played = await open(NEAR);
    play(played, 0, 2500);
    silence(played, 2, true);
    play(played, 2500, 4500);
    const { cellBytes } = played.match.sequencer.inputs!;
    const seat = played.match.players[2]!.player.seat!;
    const cells = played.truth.map((record) => record.slice(seat * cellBytes, (seat + 1) * cellBytes));
    const frames = flagged(played, seat);
    expect(frames.length).toBeGreaterThan(100);
    for (const frame of frames) {
      expect(cells[frame]!.slice(1)).toEqual(cells[frame - 1]!.slice(1));
    }
    expect(cells[frames[0]! - 1]![0]).toBe(PRESENCE_HERE);
  });

  it("are no equivocation when their inputs come after all: those are counted as late", async () => {
    const played = await open(NEAR);
    play(played, 0, 2500);
    played.match.players[2]!.up.cut = true;
    play(played, 2500, 2700); // shorter than his own window: he sends all of it again
    played.match.players[2]!.up.cut = false;
    play(played, 2700, 4500);
    const { equivocations, replaced, late } = played.match.sequencer.counts;
    expect(equivocations).toBe(0);
    expect(replaced).toBeGreaterThan(5);
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThanOrEqual(replaced);
    expectAgreement(played, 190);
  });
});

/** Paths of all alike, and a window and a delay that together are just as long as MATCH.md's rule asks for. */
function justFeasible(seed: number, loss: number): { paths: Partial<Conditions>[]; changes: Partial<MatchConfig> } {
  const random = new Random(seed);
  // Of jitter the sequencer takes a frame for granted, each way, and raises the delay for it: here there is more.
  const [delayMs, jitterMs] = [3 + random.below(60), 20 + random.below(11)];
  const paths = Array.from({ length: 2 + random.below(3) }, () => ({ delayMs, jitterMs, loss }));
  // The way up and the way down at their longest; a frame for one repair, and one for ticks.
  const frames = Math.ceil((2 * (delayMs + jitterMs) * 60) / 1000) + 2;
  const predictionWindow = Math.min(frames, 2 + random.below(12));
  return { paths, changes: { predictionWindow, inputDelay: frames - predictionWindow } };
}

/** The first player is silent for two seconds from `begin` on: his inputs are replaced, and nobody else stands still. */
function expectNobodyStalls(played: Played, begin: number): void {
  play(played, 0, begin);
  const before = stalls(played);
  silence(played, 0, true);
  play(played, begin, begin + 2000);
  silence(played, 0, false);
  play(played, begin + 2000, begin + 2500);
  expect(stalls(played).slice(1)).toEqual(before.slice(1));
  expect(flagged(played, played.match.players[0]!.player.seat!).length).toBeGreaterThan(100);
  expect(played.match.sequencer.takeEvents().some(({ type }) => type === "delay")).toBe(false);
}

describe("wherever the rule just holds, with jitter of 20 to 30 ms, two seconds of silence stall nobody else", () => {
  it.each([0, 0.01].flatMap((loss) => Array.from({ length: 16 }, (_, i) => [loss, i + 1] as const)))(
    "at a loss of %d, seed %d",
    async (loss, seed) => {
      const { paths, changes } = justFeasible(seed, loss);
      const played = await open(paths, changes, seed);
      expectNobodyStalls(played, 2500 + 97 * seed);
    },
  );
});

/** Everybody has other paths, and another one up than down; the window and the delay suit the two who are farthest. */
function uneven(seed: number, loss: number) {
  const random = new Random(1000 + seed);
  const way = (): Conditions => ({ ...PERFECT, delayMs: 3 + random.below(60), jitterMs: 20 + random.below(11), loss });
  const paths = Array.from({ length: 2 + random.below(3) }, () => ({ up: way(), down: way() }));
  // Clocks are set by halves of round trips: so far is everybody, whichever way is the longer one.
  const [far, next] = paths
    .map(({ up, down }) => (up.delayMs + down.delayMs) / 2 + Math.max(up.jitterMs, down.jitterMs))
    .sort((a, b) => b - a);
  const frames = Math.ceil(((far! + next!) * 60) / 1000) + 2;
  const predictionWindow = Math.min(frames, 2 + random.below(12));
  return { paths, changes: { predictionWindow, inputDelay: frames - predictionWindow } };
}

describe("wherever it just holds, on paths drawn for each player and each way, two seconds of silence stall nobody else", () => {
  it.each([0, 0.01].flatMap((loss) => Array.from({ length: 16 }, (_, i) => [loss, i + 1] as const)))(
    "at a loss of %d, seed %d",
    async (loss, seed) => {
      const { paths, changes } = uneven(seed, loss);
      const played = await open(
        paths.map(() => ({})),
        changes,
        seed,
      );
      for (const [i, { up, down }] of paths.entries()) {
        played.match.players[i]!.up.conditions = up;
        played.match.players[i]!.down.conditions = down;
      }
      expectNobodyStalls(played, 2500 + 97 * seed);
    },
  );
});

describe("a deadline", () => {
  it("bites nobody whose inputs come in time, loss and jitter or not", async () => {
    const played = await open(NEAR.map((path) => ({ ...path, loss: 0.01 })));
    play(played, 0, 6000);
    expect(played.match.sequencer.counts.replaced).toBeLessThan(4);
    expect(Math.max(...stalls(played))).toBe(0);
    expectAgreement(played, 270);
  });

  it("does not pass while the sequencer sleeps: it first hears what came meanwhile", async () => {
    const played = await open(NEAR.slice(0, 2));
    play(played, 0, 2500);
    const { replaced } = played.match.sequencer.counts;
    const { frame } = played.match.players[0]!.player.stats;
    played.match.asleepUntil = 4000;
    play(played, 2500, 5500);
    expect(played.match.sequencer.counts.replaced).toBe(replaced);
    // Its clock stood still meanwhile: nobody runs fast to make up for it.
    const gained = played.match.players[0]!.player.stats.frame - frame;
    expect(gained).toBeGreaterThan(75);
    expect(gained).toBeLessThan(90 + 8);
    expectAgreement(played, 150);
  });

  it("leaves him who slept nothing to send for the frames that passed without him", async () => {
    const played = await open(NEAR.slice(0, 2));
    play(played, 0, 2500);
    played.match.players[1]!.pausedUntil = 4500;
    play(played, 2500, 6500);
    const { replaced, late } = played.match.sequencer.counts;
    expect(replaced).toBeGreaterThan(100);
    expect(late).toBeLessThan(12); // what was on its way when he fell asleep, and when he woke
    expect(played.match.players[1]!.player.stats.frame).toBeGreaterThan(300);
    expectAgreement(played, 310);
  });

  it("drops who is too far behind to be waited for, and nobody stalls", async () => {
    const played = await open(NEAR, { dropAfterMs: 60_000 });
    play(played, 0, 2000);
    const before = stalls(played);
    silence(played, 2, true);
    play(played, 2000, 12_000);
    expect(stalls(played).slice(0, 2)).toEqual(before.slice(0, 2));
    expect(played.match.players[0]!.events).toContainEqual(expect.objectContaining({ type: "left", dropped: true }));
  });
});

describe("a match whose paths are long", () => {
  const far = (delayMs: number): Partial<Conditions>[] => [{ delayMs }, { delayMs: delayMs + 20 }];

  it("begins with the input delay that its deadlines need, and says so", async () => {
    const played = await open(far(70), { predictionWindow: 4 });
    play(played, 0, 4000);
    const events = played.match.sequencer.takeEvents();
    expect(events).toContainEqual({ type: "delay", frame: 0, inputDelay: 10, reason: "deadlines" });
    expect(played.match.players[0]!.events).toContainEqual({ type: "delay", frame: 0, inputDelay: 10 });
    expect(played.match.players.map(({ player }) => player.stats.inputDelay)).toEqual([10, 10]);
    expect(played.match.sequencer.counts.replaced).toBe(0);
    expect(stalls(played)).toEqual([0, 0]);
  });

  it("plays in lockstep too: window 0, and nobody ever rolls back", async () => {
    const played = await open(far(40), { predictionWindow: 0 });
    play(played, 0, 2000);
    played.match.players[1]!.up.cut = true; // he hears everybody, and nobody hears him
    play(played, 2000, 2600);
    played.match.players[1]!.up.cut = false;
    play(played, 2600, 4000);
    expect(played.match.sequencer.counts.replaced).toBeGreaterThan(20);
    expect(played.match.players.map(({ player }) => player.stats.resimulatedFrames)).toEqual([0, 0]);
    expect(played.match.players[0]!.player.stats.frame).toBeGreaterThan(170);
    expectAgreement(played, 160);
  });

  it("refuses whoever no delay could help, with words", async () => {
    const played = await open(far(300), { predictionWindow: 4 });
    play(played, 0, 4000);
    expect(played.match.sequencer.started).toBe(false);
    const refused = played.match.sequencer.takeEvents().find(({ type }) => type === "refused");
    expect(refused).toMatchObject({
      text: expect.stringMatching(/round trip of 6\d\d ms is too long .* nearer server/),
    });
  });
});
