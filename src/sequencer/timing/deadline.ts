// Deadlines: under `substitute` a late input is replaced, early enough that nobody else has to wait for it.
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

/** A datagram that is lost on the way down is repaired by the next frame's; and the sequencer acts one tick late. */
const REPAIR_FRAMES = 2;

/** Before anything is known of a path's jitter. */
const JITTER_FRAMES = 1;

/**
 *   frame f is sampled at f - delay, comes at f - delay + up, and is needed by the others at f + window:
 *
 *   ---+-----------+------------------------+-----------+-----> frame clock
 *    sampled     comes                   deadline   f + window
 *        |-- up --|          slack:         |-- down --|
 *
 * So nobody waits where (window + delay) frames last as long as the slowest way up, the slowest way down to another seat,
 * the jitter of both, and one repair.
 */
export class Deadlines {
  /** Inputs that were replaced. */
  replaced = 0;

  /**
   * Replaces what was due at `now`, a moment up to which all that came has been taken: the last tick. What has come
   * since then may still lie in the carrier's queue, above all when this machine slept. True when anything was replaced.
   */
  tick(match: Match, now: number): boolean {
    const clock = match.clock(now);
    const before = this.replaced;
    for (const seat of match.seats) {
      if (seat?.phase !== "playing") continue;
      const end = Math.floor(clock - match.config.predictionWindow + slackFrames(match, seat)) + 1;
      while (match.inputs.held(seat.index) < end) {
        match.inputs.pushReplaced(seat.index);
        seat.replacedEnd = match.inputs.held(seat.index);
        this.replaced += 1;
      }
    }
    return this.replaced > before;
  }
}

/** How long before the others need it a seat's input has to be final. */
function slackFrames(match: Match, seat: Seat): number {
  let slack = REPAIR_FRAMES;
  for (const other of match.seats) {
    if (other === undefined || other === seat || other.phase !== "playing") continue;
    slack = Math.max(slack, other.roundTripMs / 2 / match.frameMs + other.lateness.jitterFrames + REPAIR_FRAMES);
  }
  // Where the sum is too much, nobody pays with his inputs for another's way down beyond half of what there is.
  const room = match.config.predictionWindow + match.inputDelay;
  return Math.min(slack, Math.max(room / 2, room - seat.lateness.frames));
}

/** The input delay that a match with these round trips needs, and a newcomer's, so that inputs come within so many speculative frames. */
export function delayNeeded(match: Match, window: number, newcomersMs?: number): number {
  const frames = tripFrames(match, newcomersMs) + 2 * JITTER_FRAMES + REPAIR_FRAMES;
  return Math.max(0, Math.ceil(frames) - window);
}

/** Frames that an input is on its way from the farthest player to the next one; a newcomer's round trip counts, too. */
export function tripFrames({ seats, frameMs }: Match, newcomersMs = 0): number {
  const trips = seats.filter((seat) => seat?.present).map((seat) => seat!.roundTripMs);
  const [slowest = 0, next = 0] = [...trips, newcomersMs].sort((a, b) => b - a);
  return (slowest + next) / 2 / frameMs;
}
