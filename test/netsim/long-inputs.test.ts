// Commands too long for a datagram: split, reassembled, and no burden on those who wait for them.
import { beforeAll, describe, expect, it } from "vitest";
import { type Conditions, PERFECT, PRESETS } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { DATAGRAM_BYTES_MAX } from "../../src/wire/bytes.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

const FRAME_MS = 50;

let game: Game;
beforeAll(async () => {
  game = await testGame("scroll");
});

interface Play {
  players: number;
  predictionWindow: number;
  inputDelay?: number;
  network: Conditions;
  /** What a seat commands when asked for the n-th time. */
  command: (seat: number, n: number) => Uint8Array;
  seed?: number;
  forMs?: number;
}

interface Played {
  match: VirtualMatch<WasmSimulation>;
  /** Every player's chain at the newest frame that all have linked. */
  chains: Set<number>;
  end: number;
  longestDatagram: number;
  /** By player, the longest time in which his frame did not change, from his first frame on, in ms. */
  longestGaps: number[];
  /** By player and frame, when he knew it to be final. */
  confirmedAt: number[][];
}

const NONE = new Uint8Array(0);

function text(length: number, seed: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.u32());
}

async function play(wanted: Play): Promise<Played> {
  const { players, predictionWindow, inputDelay = 2, network, command, seed = 1, forMs = 8000 } = wanted;
  const simulations = await Promise.all(Array.from({ length: players }, () => game.simulation()));
  let longestDatagram = 0;
  const match = new VirtualMatch({
    config: {
      players,
      framesPerSecond: game.schema.framesPerSecond,
      predictionWindow,
      inputDelay,
      ...MATCH_DEFAULTS,
      inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
      dropAfterMs: 5000,
      seedLow: seed,
      seedHigh: 0,
      rules: NONE,
    },
    seed,
    mode: "datagram",
    players: simulations.map((simulation, seat) => {
      let asked = 0;
      return { simulation, input: () => command(seat, asked++), up: network, down: network };
    }),
    tamper: (_, player, bytes, handOn) => {
      longestDatagram = Math.max(longestDatagram, bytes.length);
      handOn(player, bytes);
    },
  });
  const longestGaps = simulations.map(() => 0);
  const confirmedAt = simulations.map((): number[] => []);
  const changed = simulations.map(() => ({ frame: 0, at: 0 }));
  for (let now = 0; now < forMs; now++) {
    match.turn(now);
    for (const [i, { player }] of match.players.entries()) {
      const { frame, confirmedEnd } = player.stats;
      const last = changed[i]!;
      if (last.frame > 0) longestGaps[i] = Math.max(longestGaps[i]!, now - last.at);
      if (frame !== last.frame) changed[i] = { frame, at: now };
      while (confirmedAt[i]!.length < confirmedEnd) confirmedAt[i]!.push(now);
    }
  }
  const end = Math.min(...match.players.map(({ player }) => player.chain!.end));
  return {
    match,
    end,
    longestDatagram,
    longestGaps,
    confirmedAt,
    chains: new Set(match.players.map(({ player }) => player.chain!.valueAt(end))),
  };
}

/** One seat commands 400 times in one frame, ten bytes each. */
const burst: Play["command"] = (seat, n) => (seat === 3 && n === 60 ? text(4000, 9) : NONE);

describe("a burst of 400 commands among eight players", () => {
  it.each([0, 8])("makes nobody wait for more than a frame, with a window of %d", async (predictionWindow) => {
    const calm = { ...PERFECT, delayMs: 20 };
    const still = await play({ players: 8, predictionWindow, network: calm, command: () => NONE });
    const loud = await play({ players: 8, predictionWindow, network: calm, command: burst });
    expect(loud.longestDatagram).toBeGreaterThan(1000);
    expect(loud.longestDatagram).toBeLessThanOrEqual(DATAGRAM_BYTES_MAX);
    expect(loud.chains.size).toBe(1);
    expect(loud.chains).not.toEqual(still.chains);
    expect(loud.end).toBeGreaterThanOrEqual(still.end - 1);
    for (const { player } of loud.match.players) expect(player.stats.longestStallMs).toBeLessThanOrEqual(FRAME_MS);
  });

  it.each([0, 8])(
    "stays within a frame on lines of 2 Mbit/s that are just quick enough without it, with a window of %d",
    async (predictionWindow) => {
      const line = { ...PERFECT, delayMs: 20, bytesPerSecond: 250_000 };
      const wanted = { players: 8, predictionWindow, inputDelay: 1, network: line };
      const still = await play({ ...wanted, command: () => NONE });
      const loud = await play({ ...wanted, command: burst });
      const inputs = loud.match.sequencer.inputs!;
      const frame = Array.from({ length: loud.end }, (_, at) => inputs.lengthAt(3, at)).findIndex((long) => long > 0);
      expect(frame).toBe(60 + 1);
      for (const [seat, gap] of loud.longestGaps.entries()) {
        expect(gap).toBeLessThanOrEqual(still.longestGaps[seat]! + FRAME_MS);
        const lateMs = loud.confirmedAt[seat]!.map((at, each) => at - still.confirmedAt[seat]![each]!);
        expect(Math.max(...lateMs)).toBeLessThanOrEqual(FRAME_MS);
        // The line is so slow that it shows.
        if (seat !== 3) expect(lateMs[frame]).toBeGreaterThan(10);
      }
      expect(Math.max(...still.longestGaps)).toBeLessThan(FRAME_MS + 4);
    },
  );

  it.each([
    [0, 5],
    [8, 2],
  ])(
    "arrives whole over a network that loses one in ten, with a window of %d",
    async (predictionWindow, inputDelay) => {
      const command: Play["command"] = (seat, n) => (n % 16 === seat * 2 ? text(3000 + 137 * seat, n) : NONE);
      const network = { ...PRESETS.bad!, delayMs: 40 };
      const ends = { still: 0, loud: 0 };
      for (const seed of [1, 2, 3, 4]) {
        const timing = { predictionWindow, inputDelay, forMs: 12_000, seed };
        const still = await play({ players: 8, network, command: () => NONE, ...timing });
        const loud = await play({ players: 8, network, command, ...timing });
        ends.still += still.end;
        ends.loud += loud.end;
        expect(loud.chains.size).toBe(1);
        expect(loud.longestDatagram).toBeLessThanOrEqual(DATAGRAM_BYTES_MAX);
        const { players, sequencer } = loud.match;
        const here = sequencer.inputs!;
        const there = players[7]!.player.inputs!;
        for (let frame = 0; frame < loud.end; frame++) {
          expect(Buffer.compare(there.record(frame), here.record(frame))).toBe(0);
        }
        expect(players.flatMap(({ events }) => events.filter(({ type }) => type === "desync"))).toEqual([]);
      }
      expect(ends.loud).toBeGreaterThan(0.75 * ends.still);
      expect(ends.loud).toBeGreaterThan(4 * 120);
    },
  );
});

describe("two players who command without a pause", () => {
  it.each([200, 700, 4096])("%d bytes in every frame play at full speed", async (bytes) => {
    const network = { ...PERFECT, delayMs: 40, jitterMs: 10 };
    const command: Play["command"] = (seat, n) => text(bytes, 2 * n + seat);
    const { chains, end, match } = await play({ players: 2, predictionWindow: 8, network, command });
    expect(chains.size).toBe(1);
    expect(end).toBeGreaterThan(20 * 6.5);
    for (const { player } of match.players) expect(player.stats.stalls).toBe(0);
  });
});
