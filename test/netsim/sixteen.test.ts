// As many players as a match has seats for: sixteen, over a network that loses, with buttons and with commands, one of them gone.
import { describe, expect, it } from "vitest";
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch } from "../../src/netsim/virtual-match.js";
import type { WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { DATAGRAM_BYTES_MAX } from "../../src/wire/bytes.js";
import { SEATS_MAX } from "../../src/wire/limits.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";

const LOSSY: Conditions = { ...PERFECT, delayMs: 25, jitterMs: 8, loss: 0.05, burst: 2 };

interface Crowded {
  match: VirtualMatch<WasmSimulation>;
  largest: number;
}

/** The last one vanishes after three seconds; the others play for eight. */
async function crowded(name: "scramble" | "parley", policy: 0 | 1): Promise<Crowded> {
  const game = await testGame(name);
  const { commands = false } = game.schema;
  const inputBytes = game.schema.regions.inputs.stride - CELL_HEADER_BYTES;
  const simulations = await Promise.all(Array.from({ length: SEATS_MAX }, () => game.simulation()));
  let largest = 0;
  const match = new VirtualMatch({
    config: {
      ...MATCH_DEFAULTS,
      ...{ players: SEATS_MAX, framesPerSecond: game.schema.framesPerSecond, predictionWindow: 8, inputDelay: 2 },
      ...{ policy, commands: commands ? 1 : 0, inputBytes, dropAfterMs: 1500, seedLow: 16, seedHigh: 0 },
      rules: name === "scramble" ? Uint8Array.of(3) : new Uint8Array(0),
    },
    seed: 16,
    mode: "datagram",
    tamper: (_, player, bytes, handOn) => {
      largest = Math.max(largest, bytes.length);
      handOn(player, bytes);
    },
    players: simulations.map((simulation, seat) => {
      const random = new Random(seat);
      const held = new Uint8Array(2);
      const input = (): Uint8Array => {
        if (commands) return Uint8Array.from({ length: random.chance(0.3) ? inputBytes : 0 }, () => random.u32());
        if (random.chance(0.3)) held[0]! ^= 1 << random.below(5);
        return held;
      };
      return { simulation, input, up: LOSSY, down: LOSSY };
    }),
  });
  for (let now = 0; now < 9000; now++) {
    if (now === 3000) match.players[SEATS_MAX - 1]!.gone = true;
    match.turn(now);
  }
  return { match, largest };
}

describe("sixteen players", () => {
  it.each([
    ["scramble", 0],
    ["scramble", 1],
    ["parley", 0],
  ] as const)(
    "of %s, policy %d, confirm the same states, and play on without one who vanished",
    async (name, policy) => {
      const { match, largest } = await crowded(name, policy);
      const there = match.players.slice(0, -1).map(({ player }) => player);
      const end = Math.min(...there.map(({ chain }) => chain!.end));
      const framesPerSecond = there[0]!.config!.framesPerSecond;
      expect(end).toBeGreaterThan(4 * framesPerSecond);
      expect(new Set(there.map(({ chain }) => chain!.valueAt(end))).size).toBe(1);
      expect(match.sequencer.agreedEnd).toBeGreaterThan(4 * framesPerSecond);
      const left = match.players.slice(0, -1).map(({ events }) => events.find(({ type }) => type === "left"));
      expect(new Set(left.map((event) => JSON.stringify(event))).size).toBe(1);
      expect(left[0]).toMatchObject({ seat: match.players[SEATS_MAX - 1]!.player.seat });
      expect(largest).toBeLessThanOrEqual(DATAGRAM_BYTES_MAX);
    },
    60_000,
  );
});
