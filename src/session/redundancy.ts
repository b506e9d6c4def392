// Which frames of a run to send again: the newest few always, everything unacknowledged once the oldest is overdue.

import type { Path } from "./clock.js";

/**
 * Newest frames repeated in each datagram: at 1 % loss one input in a million is then late, at 10 % one in a thousand,
 * and a repeated frame costs one bit.
 */
const NEWEST_FRAMES = 3;

/** Slack on top of a round trip before silence counts as loss: two frames at 60 per second. */
const SLACK_MS = 34;

/** Send times kept; more frames than any window and repair together. */
const TIMES = 256;

export class Redundancy {
  readonly #sentAt = new Float64Array(TIMES);
  #sentEnd: number;
  #repairAt = 0;

  /** Frames before `begin` are never sent. */
  constructor(begin: number) {
    this.#sentEnd = begin;
  }

  /** First frame to send of [acknowledged, end). */
  first(acknowledged: number, end: number, { roundTripMs }: Path, now: number): number {
    const newest = Math.max(acknowledged, Math.min(end - NEWEST_FRAMES, this.#sentEnd));
    if (newest === acknowledged) return acknowledged;
    const overdue = now - this.#sentAt[acknowledged % TIMES]! > roundTripMs + SLACK_MS;
    if (!overdue || now < this.#repairAt) return newest;
    // Once repaired, give the repair half a round trip before sending it all again.
    this.#repairAt = now + roundTripMs / 2;
    return acknowledged;
  }

  /** Frames before `end` have been sent. */
  sent(end: number, now: number): void {
    for (; this.#sentEnd < end; this.#sentEnd++) this.#sentAt[this.#sentEnd % TIMES] = now;
  }
}
