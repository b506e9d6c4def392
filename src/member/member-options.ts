// What a page of a match without a server is told when it comes to it.
import { SamestepError } from "../error.js";
import { Player } from "../session/player.js";
import type { Simulation } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";

export interface MemberOptions {
  simulation: Simulation;
  /** The match: all its pages bring the same settings, and its policy is to wait. */
  config: MatchConfig;
  /** The config's seed counts only where this page has seat 0. */
  anySeed?: boolean;
  /**
   * Our seat, by which all others know us; seat 0 opens the match, or whoever keeps its lobby when seat 0 is gone or does
   * not come. From `config.players` on: somebody who only looks on.
   * A carrier, or whoever brought the pages together, says which, and sees to it that no page speaks for another.
   */
  seat: number;
  /** Told of every frame linked into the hash chain: its end, and the low 32 bits of the chain there. */
  onConfirmed?: (end: number, chain: number) => void;
}

/** The player of a page. Nobody asks for his token: the carrier vouches for the seat. */
export function playerOf(options: MemberOptions): Player {
  const { simulation, config, seat, anySeed = false, onConfirmed } = options;
  if (config.policy !== 0) {
    throw new SamestepError("BAD_CONFIG", "a match without a server waits for late inputs: make its policy 0 (wait)");
  }
  if (!Number.isInteger(seat) || seat < 0) throw new SamestepError("BAD_CONFIG", `a seat is 0 or more, not ${seat}`);
  const player = { simulation, config, anySeed, watch: seat >= config.players, token: new Uint8Array(16).fill(seat) };
  return new Player(onConfirmed === undefined ? player : { ...player, onConfirmed });
}
