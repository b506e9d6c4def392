// Plays a match of bots over a virtual network, and records it from the first seat: the same options, the same bytes.
import type { Conditions } from "../netsim/conditions.js";
import { VirtualMatch, type VirtualPlayer, type VirtualPlayerOptions } from "../netsim/virtual-match.js";
import { PlayerRecorder } from "../replay/player-recorder.js";
import type { Game, WasmSimulation } from "../simulation/game.js";
import { CELL_HEADER_BYTES } from "../simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../wire/match-config.js";
import { type Bot, botsOf } from "./bots.js";
import type { MatchOptions } from "./match-options.js";

export interface RecordOptions extends MatchOptions {
  inputDelay: number;
  predictionWindow: number;
  /** Of every player, in both directions. */
  network: Conditions;
}

/** "failed": there is no such match, and `why` says what to do about it. */
export type Recorded =
  | { kind: "recorded"; bytes: Uint8Array /** The deepest of any player, in frames. */; worstRollback: number }
  | { kind: "failed"; why: string };

type Seat = VirtualPlayer<WasmSimulation>;

const DROP_AFTER_MS = 5000;

/** A network in which a match takes longer than this is none that it could be played over. */
const SLOWDOWN_MAX = 4;
const START_MS = 10_000;

/** @throws SamestepError BAD_CONFIG when the game does not start with these settings. */
export async function recordMatch(game: Game, options: RecordOptions): Promise<Recorded> {
  const { frames, players, seed, network } = options;
  const config = configOf(game, options);
  (await game.simulation({ slots: 1 })).reset(config);
  const bots = botsOf(game.schema, options.bot, { players, seed });
  const simulations = await Promise.all(bots.map(() => game.simulation()));
  const recorder = new PlayerRecorder(simulations[0]!);
  const onConfirmed = (seat: Seat, end: number, chain: number): void => {
    if (seat.index === 0 && end <= frames) recorder.confirmed(seat.player, end, chain);
  };
  const match = new VirtualMatch<WasmSimulation>({
    config,
    mode: "datagram",
    seed,
    players: simulations.map(
      (simulation, seat): VirtualPlayerOptions<WasmSimulation> => ({
        ...{ simulation, up: network, down: network, onConfirmed },
        input: presses(bots[seat]!, config.inputBytes),
      }),
    ),
  });
  const why = play(match, config, frames);
  if (why !== undefined) return { kind: "failed", why };
  const worstRollback = Math.max(...match.players.map(({ player }) => player.stats.worstRollback));
  return { kind: "recorded", bytes: recorder.finish()!, worstRollback };
}

function configOf({ schema }: Game, options: RecordOptions): MatchConfig {
  const { players, seed, rules, inputDelay, predictionWindow } = options;
  return {
    ...{ players, predictionWindow, inputDelay, ...MATCH_DEFAULTS, dropAfterMs: DROP_AFTER_MS },
    framesPerSecond: schema.framesPerSecond,
    commands: schema.commands ? 1 : 0,
    inputBytes: schema.regions.inputs.stride - CELL_HEADER_BYTES,
    ...{ seedLow: seed, seedHigh: 0, rules },
  };
}

function presses(bot: Bot, inputBytes: number): () => Uint8Array {
  const held = new Uint8Array(inputBytes);
  return () => held.subarray(0, bot(held));
}

/** Until all frames are confirmed by all, and their hashes agreed on; or the reason why they never will be. */
function play(match: VirtualMatch<WasmSimulation>, config: MatchConfig, frames: number): string | undefined {
  const limit = SLOWDOWN_MAX * ((1000 * frames) / config.framesPerSecond) + START_MS;
  const reached = (): number =>
    Math.min(match.sequencer.agreedEnd, ...match.players.map(({ player }) => player.stats.confirmedEnd));
  for (let now = 0; reached() < frames; now++) {
    match.turn(now);
    for (const seat of match.players) {
      const trouble = troubleOf(seat);
      if (trouble !== undefined) return trouble;
    }
    if (now > limit)
      return `over this network the players came to frame ${reached()} of ${frames} only: name a better one`;
  }
  return undefined;
}

function troubleOf({ events }: Seat): string | undefined {
  const last = events.at(-1);
  if (last?.type === "ended") return `the match ended early: ${last.text}`;
  if (last?.type !== "desync") return undefined;
  return `at frame ${last.frame} the players' states part, so a rollback does not bring all of the game's state back: samestep synctest names the fields`;
}
