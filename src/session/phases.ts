// What a player can be doing, and what leads from one to the other.
import { assert } from "../assert.js";

/**
 *   greeting --welcome--> probing --start--> running --finish--> finishing
 *       \                    |                ^   |                  |
 *        \--admit--> joining <--admit         |   |                  v
 *                    ^     \-------live-------/   |     lost, trap, bye, refused, from anywhere: ended
 *                     \-----------lapse-----------/
 *
 * lapse: the seat was dropped, and is kept for us to come back to.
 */
const NEXT = {
  greeting: { welcome: "probing", admit: "joining", end: "ended" },
  probing: { start: "running", admit: "joining", end: "ended" },
  joining: { admit: "joining", live: "running", end: "ended" },
  running: { lapse: "joining", finish: "finishing", end: "ended" },
  finishing: { end: "ended" },
  ended: {},
} as const;

export type Phase = keyof typeof NEXT;
export type Turn = "welcome" | "start" | "admit" | "live" | "lapse" | "finish" | "end";

export function after(phase: Phase, turn: Turn): Phase {
  const next: Partial<Record<Turn, Phase>> = NEXT[phase];
  const then = next[turn];
  assert(then !== undefined, `a ${phase} player does not ${turn}`);
  return then;
}
