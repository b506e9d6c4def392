// The two sides of a difference that was found: two builds, each at the frame that parted them, to be played again.
import type { GameConfig } from "../../simulation/simulation.js";
import type { Parting } from "../parting.js";
import type { GameCode, Moment } from "./write-log.js";

/** A build, and a frame of it: `Game` has all that a build needs. */
export interface Side {
  readonly game: GameCode;
  readonly moment: Moment;
}

/** Each build at the step where `parting` says that they part, in its own state; at `init` where they differ from the start. */
export function sidesOf(
  { records, before, after }: Parting,
  config: GameConfig,
  games: { readonly before: GameCode; readonly after: GameCode },
): { readonly before: Side; readonly after: Side } {
  const side = (game: GameCode, start: Uint8Array | undefined, record: Uint8Array | undefined): Side => {
    return { game, moment: { config, ...(start && record && { frame: { state: start, record } }) } };
  };
  return {
    before: side(games.before, before.start, records?.before),
    after: side(games.after, after.start, records?.after),
  };
}
