// A match whose players come, go and look on: what the tests of joining have in common.
import { type Conditions, PERFECT } from "../../src/netsim/conditions.js";
import type { LinkMode } from "../../src/netsim/link.js";
import {
  type Tamper,
  VirtualMatch,
  type VirtualPlayer,
  type VirtualPlayerOptions,
} from "../../src/netsim/virtual-match.js";
import type { SequencerOptions } from "../../src/sequencer/sequencer.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";

export const NEAR: Conditions = { ...PERFECT, delayMs: 20 };
/** 100 ms one way, and one datagram in twenty lost. */
export const FAR: Conditions = { ...PERFECT, delayMs: 100, loss: 0.05 };

export function configOf(game: Game, changes: Partial<MatchConfig> = {}): MatchConfig {
  return {
    players: 2,
    framesPerSecond: game.schema.framesPerSecond,
    predictionWindow: 8,
    inputDelay: 2,
    ...MATCH_DEFAULTS,
    commands: game.schema.commands ? 1 : 0,
    inputBytes: game.schema.regions.inputs.stride - CELL_HEADER_BYTES,
    dropAfterMs: 1000,
    seedLow: 1,
    seedHigh: 2,
    rules: new Uint8Array(0),
    ...changes,
  };
}

export interface PartyOptions {
  config?: Partial<MatchConfig>;
  /** By player, when he comes, in ms; the first come at once. More may come than there are seats. */
  comes: number[];
  network?: Conditions;
  /** What everybody's line is; by default one of datagrams. */
  mode?: LinkMode;
  /** By player, what is different with him. */
  players?: Partial<VirtualPlayerOptions<WasmSimulation>>[];
  sequencer?: SequencerOptions;
  tamper?: Tamper;
  seed?: number;
}

export type Guest = VirtualPlayer<WasmSimulation>;
export type Party = VirtualMatch<WasmSimulation>;

export async function party(game: Game, options: PartyOptions): Promise<Party> {
  const { comes, network = NEAR, players = [], mode = "datagram", sequencer, tamper, seed = 1 } = options;
  const simulations = await Promise.all(comes.map(() => game.simulation()));
  const match = new VirtualMatch<WasmSimulation>({
    config: configOf(game, options.config),
    seed,
    mode,
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(tamper === undefined ? {} : { tamper }),
    players: simulations.map((simulation, index) => ({
      simulation,
      input: presses(index),
      up: network,
      down: network,
      ...players[index],
    })),
  });
  for (const [index, at] of comes.entries()) match.players[index]!.pausedUntil = at;
  return match;
}

/** Another button now and then, so that predictions fail. */
function presses(index: number): () => Uint8Array {
  let count = 0;
  return () => Uint8Array.of(((count++ >> (3 + index)) * 37 + index) & 31);
}

export function play(match: Party, begin: number, end: number): Party {
  for (let now = begin; now < end; now++) match.turn(now);
  return match;
}

/** The first ms from `begin` on at which it is true; throws when it never is before `end`. */
export function playUntil(match: Party, begin: number, end: number, what: () => boolean): number {
  for (let now = begin; now < end; now++) {
    match.turn(now);
    if (what()) return now;
  }
  throw new Error(`not before ${end} ms`);
}

/** Where two players' chains can be compared: the newest frame that both have linked, and both values there. */
export function chains(a: Guest, b: Guest): { end: number; values: [number, number] } {
  const [one, two] = [a.player.chain!, b.player.chain!];
  const end = Math.min(one.end, two.end);
  return { end, values: [one.valueAt(end), two.valueAt(end)] };
}

export function eventsOf(guest: Guest, type: string): { type: string }[] {
  return guest.events.filter((event) => event.type === type);
}
