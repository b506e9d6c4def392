// The figures of a running match, for HUDs and tests: one object, updated in place at each tick.
import { type ClockChange, type ClockState, toldState } from "./clock/clock-state.js";
import { blankQuality, type Quality, type QualityChange, QualityMeter, type Totals } from "./path/quality.js";
import type { Running } from "./running.js";

export interface PlayerStats extends Quality {
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
  /** What the frame clock is doing. */
  clock: ClockState;
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
    clock: "probing",
    frame: 0,
    confirmedEnd: 0,
    stableEnd: 0,
    agreedEnd: 0,
    malformed: 0,
    unusable: 0,
    ...blankQuality(),
  };
  readonly #quality = new QualityMeter(this.stats);
  readonly #totals: Totals = { sentBytes: 0, receivedBytes: 0, stalledMs: 0, depth: 0 };
  #stalledSince: number | undefined;
  #measuredAt = 0;
  #told: ClockChange["state"] = "running";

  /** So many bytes came. */
  received(bytes: number): void {
    this.#totals.receivedBytes += bytes;
  }

  measure(running: Running, stalled: boolean, sentBytes: number, now: number): QualityChange | ClockChange | undefined {
    const { timeline, clock, uplink } = running;
    const { stats } = this;
    stats.roundTripMs = clock.roundTripMs;
    stats.inputDelay = running.delay.value;
    stats.worstRollback = timeline.worstDepth;
    stats.rollbacks = timeline.rollbacks;
    stats.resimulatedFrames = timeline.resimulatedFrames;
    stats.clock = clock.state;
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
    const totals = this.#totals;
    totals.sentBytes = sentBytes;
    totals.depth = stats.rollback;
    if (stalled) totals.stalledMs += now - this.#measuredAt;
    this.#measuredAt = now;
    this.#quality.measure(running, totals, now);
    const state = toldState(clock.state);
    if (state === this.#told) return this.#quality.take();
    this.#told = state;
    return { type: "clock", state };
  }
}
