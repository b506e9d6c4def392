// Which frames of a run to send again: the newest few always, everything unacknowledged once the oldest is overdue.

import type { Path } from "./clock.js";

/**
 * Datagrams that carry each frame: at 1 % loss one input in a million is then late, at 10 % one in a thousand, and a
 * repeated frame costs one bit. Datagrams and not frames, since after a stall several frames go at once, and each of them
 * deserves as many chances; otherwise one more loss makes the next stall.
 */
const DATAGRAMS = 3;

/** Slack on top of a round trip before silence counts as loss: two frames at 60 per second. */
const SLACK_MS = 34;

/** Send times kept; more frames than any window and repair together. */
const TIMES = 256;

export class Redundancy {
  readonly #sentAt = new Float64Array(TIMES);
  readonly #sentTimes = new Uint8Array(TIMES);
  #sentEnd: number;
  /** Frames before this one have been in datagrams enough. */
  #enough: number;
  #repairAt = 0;

  /** Frames before `begin` are never sent. */
  constructor(begin: number) {
    this.#sentEnd = begin;
    this.#enough = begin;
  }

  /** First frame to send of those from `acknowledged` on. */
  first(acknowledged: number, { roundTripMs }: Path, now: number): number {
    this.#enough = Math.max(this.#enough, acknowledged);
    const newest = this.#enough;
    if (newest === acknowledged) return acknowledged;
    const overdue = now - this.#sentAt[acknowledged % TIMES]! > roundTripMs + SLACK_MS;
    if (!overdue || now < this.#repairAt) return newest;
    // Once repaired, give the repair half a round trip before sending it all again.
    this.#repairAt = now + roundTripMs / 2;
    return acknowledged;
  }

  /** The frames [first, end) have been sent. */
  sent(first: number, end: number, now: number): void {
    for (let frame = Math.max(first, this.#enough); frame < end; frame++) {
      const slot = frame % TIMES;
      if (frame >= this.#sentEnd) {
        this.#sentAt[slot] = now;
        this.#sentTimes[slot] = 0;
      }
      this.#sentTimes[slot]! += 1;
      // Each datagram reaches to the newest frame, so older ones have never been in fewer.
      if (this.#sentTimes[slot]! >= DATAGRAMS && frame === this.#enough) this.#enough = frame + 1;
    }
    this.#sentEnd = Math.max(this.#sentEnd, end);
  }
}
