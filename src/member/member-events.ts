// What can happen to a member of a match without a server, beside what happens to any player.
import type { PlayerEvent } from "../session/player-events.js";

export type MemberEvent =
  | PlayerEvent
  /** Another page sequences the match from now on, perhaps this one. */
  | { type: "sequencer"; seat: number; epoch: number }
  /** So few can be heard that nobody may go on without the others: the match stands until they are back, or for a grant. */
  | { type: "suspended" }
  | { type: "resumed" };
