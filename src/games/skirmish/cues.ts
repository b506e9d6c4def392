// The cues of a battle: what of its events is the same thing to the eye and the ear.
import { Cues } from "../cues.js";
import type { Game } from "./types.js";

type GameEvent = Game["event"];

/** At 20 frames a second a window of eight frames is long already. */
const MOVED_FRAMES = 8;
/** A great battle tells of some hundred blows a second. */
const KEPT = 1024;

export function skirmishCues(): Cues<GameEvent> {
  return new Cues({ movedFrames: MOVED_FRAMES, kept: KEPT, trait: traitOf });
}

/** Of one kind, by or to the same player, and at about the same place. */
function traitOf(event: GameEvent): string {
  const { type, owner, kind, structure, x, y } = event as GameEvent &
    Partial<Record<"owner" | "kind" | "structure" | "x" | "y", number>>;
  return `${type} ${owner} ${kind ?? structure} ${Math.round((x ?? 0) / 256)} ${Math.round((y ?? 0) / 256)}`;
}
