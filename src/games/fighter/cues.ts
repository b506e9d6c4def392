// The fighter's cues: what of its events is the same thing to the eye and the ear.
import { Cues } from "../cues.js";
import type { Game } from "./types.js";

type GameEvent = Game["event"];

/** At 60 frames a second no window is longer. */
const MOVED_FRAMES = 15;
const KEPT = 64;

export function fighterCues(): Cues<GameEvent> {
  return new Cues({ movedFrames: MOVED_FRAMES, kept: KEPT, trait: traitOf });
}

/** Of one kind, by or to the same player, as strong, blocked or not. */
function traitOf(event: GameEvent): string {
  const { type, player, strength, blocked } = event as GameEvent &
    Partial<Record<"player" | "strength" | "blocked", number>>;
  return `${type} ${player} ${strength} ${blocked}`;
}
