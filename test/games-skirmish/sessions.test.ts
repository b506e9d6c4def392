// Laws of the game in sessions: rolled back or not, in lockstep or ahead of it, everybody computes the same war.
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { FIGHTERS, WORKERS } from "../../src/games/skirmish/commands.js";
import { Kind, MAP, Structure, TILE } from "../../src/games/skirmish/rules.js";
import { PRESETS } from "../../src/netsim/conditions.js";
import { Random } from "../../src/netsim/random.js";
import { VirtualMatch, type VirtualPlayerOptions } from "../../src/netsim/virtual-match.js";
import { syncTest } from "../../src/session/timeline/sync-test.js";
import { type Game, loadGame, type WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { input, rulesOf } from "./campaign.js";

const PLAYERS_MAX = 8;
const FRAMES = 160;

let game: Game;
beforeAll(async () => {
  game = await loadGame(await readFile("build/games/skirmish.wasm"));
});

/** What a seat commands in each frame: mostly nothing, now and then an army's march, a house, a squad, or nonsense. */
function script(seat: number, seed: number): (frame: number) => Uint8Array {
  const random = new Random(seed * 31 + seat);
  const inputs = Array.from({ length: 1000 }, () =>
    input((commands) => {
      const place = () => random.below(MAP * TILE);
      switch (random.below(16)) {
        case 0:
          commands.selectKinds(random.below(2) === 0 ? FIGHTERS : WORKERS | FIGHTERS);
          commands.advance(place(), place());
          break;
        case 1:
          commands.selectBox(place(), place(), place(), place(), FIGHTERS);
          commands.move(place(), place());
          break;
        case 2:
          commands.train(seat, Kind.Worker);
          break;
        case 3:
          commands.selectKinds(WORKERS);
          commands.build(Structure.Barracks, random.below(MAP), random.below(MAP));
          break;
        default:
      }
    }),
  );
  return (frame) => inputs[frame % inputs.length]!;
}

/** The low half of everybody's hash chain after FRAMES frames. */
async function play(
  players: number,
  predictionWindow: number,
  seed: number,
): Promise<{ chains: number[]; rollbacks: number }> {
  const config = {
    players,
    framesPerSecond: game.schema.framesPerSecond,
    predictionWindow,
    inputDelay: 2,
    ...MATCH_DEFAULTS,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 5000,
    seedLow: seed,
    seedHigh: 0,
    rules: rulesOf({ army: 40, workers: 8, ore: 2000 }),
  };
  const chains = new Map<number, number>();
  const simulations = await Promise.all(Array.from({ length: players }, () => game.simulation()));
  const match = new VirtualMatch({
    config,
    seed,
    mode: "datagram",
    players: simulations.map((simulation, seat): VirtualPlayerOptions<WasmSimulation> => {
      const commands = script(seat, seed);
      let frame = 0;
      return {
        simulation,
        input: () => commands(frame++),
        up: PRESETS.mobile!,
        down: PRESETS.mobile!,
        tickMs: 20,
        onConfirmed: ({ index }, end, chain) => {
          if (end === FRAMES) chains.set(index, chain);
        },
      };
    }),
  });
  for (let now = 0; now < 20_000 && chains.size < players; now++) match.turn(now);
  expect(match.players.flatMap(({ events }) => events.filter(({ type }) => type === "desync"))).toEqual([]);
  const rollbacks = match.players.reduce((sum, { player }) => sum + player.stats.rollbacks, 0);
  return { chains: [...chains.values()], rollbacks };
}

describe("eight players over a mobile network", () => {
  test("compute the same in lockstep and in rollback", async () => {
    const lockstep = await play(PLAYERS_MAX, 0, 3);
    const rollback = await play(PLAYERS_MAX, 8, 3);
    expect(lockstep.rollbacks).toBe(0);
    expect(rollback.rollbacks).toBeGreaterThan(100);
    expect(new Set([...lockstep.chains, ...rollback.chains]).size).toBe(1);
    expect(rollback.chains.length).toBe(PLAYERS_MAX);
  });
});

describe("lockstep", () => {
  test.each([2, 3, 4, 5, 6, 7, 8])("of %d is one war, which nobody rolls back", async (players) => {
    const { chains, rollbacks } = await play(players, 0, players);
    expect(chains).toHaveLength(players);
    expect(new Set(chains).size).toBe(1);
    expect(rollbacks).toBe(0);
  });

  test("of another seed, or of one more player, is another war", async () => {
    const wars = [await play(2, 0, 2), await play(2, 0, 3), await play(3, 0, 3)];
    expect(new Set(wars.flatMap(({ chains }) => chains)).size).toBe(3);
  });
});

describe("the sync test", () => {
  test("finds nothing that a rollback would not bring back", async () => {
    const simulation = await game.simulation();
    // Two armies that meet after some sixty frames.
    const scripts = Array.from({ length: 2 }, (_, seat) => script(seat, 5));
    const report = syncTest({
      simulation,
      config: { players: 2, seedLow: 5, seedHigh: 1, rules: rulesOf({ army: 200, battle: 1 }) },
      frames: 90,
      checkDistance: 2,
      input: (frame, seat, into) => {
        const bytes = scripts[seat]!(frame);
        into.set(bytes);
        return bytes.length;
      },
    });
    expect(report).toMatchObject({ frames: 90, differences: [], trap: undefined });
  });
});
