// Which frames of a run to send again: the newest few always, everything unacknowledged once the oldest is overdue.

import type { Path } from "../clock/clock.js";

/**
 * Datagrams that carry each frame, by the level of loss (session/path/loss.ts): one input in ten thousand or so is then late,
 * and while nothing is lost the second copy is there for the first loss that comes. One datagram more at each level stalled
 * no less in the ledger's worst cell, for an eighth more bytes. Datagrams and not frames, since
 * after a stall several frames go at once, and each of them deserves as many chances; otherwise one more loss makes the
 * next stall.
 */
const DATAGRAMS: readonly number[] = [2, 3, 3, 3, 4, 6, 6, 8];

/** Before anything was measured. */
const DATAGRAMS_AT_FIRST = 3;

/** Slack on top of a round trip before silence counts as loss: two frames at 60 per second. A run repeated in vain is short. */
const SLACK_MS = 34;

/** Before a long input is repeated, which is not: what the other side may wait for its next datagram. */
const SLACK_FRAMES = 2;

/**
 * Frames that go with more care to and from who has just come in: two seconds at 60. He should be no trouble to those who
 * play, and who waits for inputs sends none.
 */
export const CAREFUL_FRAMES = 128;

/** So many datagrams more: what his path loses is not believed before a second has passed. */
const CARE = 2;

/** Send times kept; more frames than any window and repair together. */
const TIMES = 256;

export class Redundancy {
  readonly #sentAt = new Float64Array(TIMES);
  readonly #sentTimes = new Uint8Array(TIMES);
  #sentEnd: number;
  /** Frames before this one have been in datagrams enough. */
  #enough: number;
  #repairAt = 0;
  readonly #slackMs: number;
  /** Frames before this one go with more care. */
  readonly #carefulEnd: number;
  /** Datagrams that carry each frame. */
  datagrams: number = DATAGRAMS_AT_FIRST;
  /** So often a part of a long input goes out: less often, since it is much longer, and long ones share a stripe. */
  copies: number = DATAGRAMS_AT_FIRST - 1;

  /** Frames before `begin` are never sent; so many behind it with more care. */
  constructor(begin: number, frameMs: number, careful = 0) {
    this.#slackMs = SLACK_FRAMES * frameMs;
    this.#carefulEnd = begin + careful;
    this.#sentEnd = begin;
    this.#enough = begin;
  }

  /** What this direction of the path loses, as a level; and the stripes it takes in turn, each of which is to have every frame. */
  adapt(level: number, stripes = 1): void {
    const forLoss = DATAGRAMS[level]!;
    this.datagrams = Math.max(forLoss, stripes);
    this.copies = forLoss - 1;
  }

  /** After this long without an acknowledgement a long input is lost; as of the last call of `first`. */
  patienceMs = 0;

  /** First frame to send of [acknowledged, end). */
  first(acknowledged: number, end: number, { roundTripMs }: Path, now: number): number {
    this.patienceMs = roundTripMs + this.#slackMs;
    this.#enough = Math.max(this.#enough, acknowledged);
    const newest = this.#enough;
    // With nothing new, somebody may be waiting for what we think he has, and the datagram goes out anyway.
    if (newest === acknowledged || end <= this.#sentEnd) return acknowledged;
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
      const wanted = frame < this.#carefulEnd ? this.datagrams + CARE : this.datagrams;
      if (this.#sentTimes[slot]! >= wanted && frame === this.#enough) this.#enough = frame + 1;
    }
    this.#sentEnd = Math.max(this.#sentEnd, end);
  }
}
