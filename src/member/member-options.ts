// What a page of a match without a server is told when it comes to it.
import type { Simulation } from "../simulation/simulation.js";
import type { MatchConfig } from "../wire/match-config.js";

export interface MemberOptions {
  simulation: Simulation;
  /** The match: all its pages bring the same settings, and its policy is to wait. */
  config: MatchConfig;
  /** The config's seed counts only where this page has seat 0. */
  anySeed?: boolean;
  /**
   * Our seat, by which all others know us; seat 0 opens the match. From `config.players` on: somebody who only looks on.
   * A carrier, or whoever brought the pages together, says which, and sees to it that no page speaks for another.
   */
  seat: number;
  /** Told of every frame linked into the hash chain: its end, and the low 32 bits of the chain there. */
  onConfirmed?: (end: number, chain: number) => void;
}
