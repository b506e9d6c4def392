// What the roster comes to at a frame: who is absent there, the input delay, and which entries are still to be told.
import { Change } from "../wire/stream.js";
import type { Match } from "./match.js";

export interface RosterAt {
  /** Bit s: seat s is absent. */
  absent: number;
  delay: number;
  /** The first entry that holds from this frame or a later one; those behind it of earlier frames are in the rest. */
  end: number;
}

export function rosterAt({ roster, config }: Match, frame: number): RosterAt {
  let absent = 0;
  let delay = config.inputDelay;
  let end = roster.length;
  for (let i = 0; i < roster.length; i++) {
    const { seat, frame: from, change, value } = roster[i]!;
    // What holds from frame 0 on was never otherwise.
    if (from >= frame && from > 0) {
      end = Math.min(end, i);
      continue;
    }
    if (change === Change.Delay) delay = value;
    else if (change === Change.Joined) absent &= ~(1 << seat);
    else absent |= 1 << seat;
  }
  return { absent, delay, end };
}
