// The figures of a running match, for HUDs and tests: one object, updated in place at each tick.
import type { Running } from "./running.js";

export interface PlayerStats {
  roundTripMs: number;
  inputDelay: number;
  /** Frames of the last tick's rollback, and the deepest one so far. */
  rollback: number;
  worstRollback: number;
  rollbacks: number;
  resimulatedFrames: number;
  /** Times the window ran out, and for how long it did in all and at most, in ms. */
  stalls: number;
  stalledMs: number;
  longestStallMs: number;
  frame: number;
  confirmedEnd: number;
  stableEnd: number;
  /** Everybody's hash chains agree up to this frame. */
  agreedEnd: number;
  malformed: number;
  unusable: number;
}

/** Keeps the figures of one player. */
export class PlayerMeter {
  readonly stats: PlayerStats = {
    roundTripMs: 0,
    inputDelay: 0,
    rollback: 0,
    worstRollback: 0,
    rollbacks: 0,
    resimulatedFrames: 0,
    stalls: 0,
    stalledMs: 0,
    longestStallMs: 0,
    frame: 0,
    confirmedEnd: 0,
    stableEnd: 0,
    agreedEnd: 0,
    malformed: 0,
    unusable: 0,
  };
  #stalledSince: number | undefined;

  measure({ timeline, clock, uplink }: Running, stalled: boolean, now: number): void {
    const { stats } = this;
    stats.roundTripMs = clock.roundTripMs;
    stats.worstRollback = timeline.worstDepth;
    stats.rollbacks = timeline.rollbacks;
    stats.resimulatedFrames = timeline.resimulatedFrames;
    stats.frame = timeline.frame;
    stats.confirmedEnd = Math.min(timeline.settledEnd, timeline.frame);
    stats.stableEnd = uplink.stableEnd;
    stats.agreedEnd = uplink.agreedEnd;
    stats.unusable = uplink.unusable;
    if (stalled && this.#stalledSince === undefined) {
      this.#stalledSince = now;
      stats.stalls += 1;
    } else if (!stalled && this.#stalledSince !== undefined) {
      const stalledMs = now - this.#stalledSince;
      stats.stalledMs += stalledMs;
      stats.longestStallMs = Math.max(stats.longestStallMs, stalledMs);
      this.#stalledSince = undefined;
    }
  }
}
