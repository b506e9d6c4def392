// What somebody lacks who is far behind, on its way: the next datagrams go before he has said that he has this one.
import { DATAGRAM_BYTES_MAX } from "../wire/bytes.js";
import { RUN_FRAMES_MAX } from "../wire/limits.js";

/** So often each frame goes out before an answer can come: what one loss in twenty takes is then asked for once in four hundred. */
const COPIES = 2;

/** From the first copy to the second: one burst of losses does not take both, and a snapshot's heading is told again by then. */
const COPY_AFTER_MS = 16;

/** Bytes at once, after a while without any, and bytes a ms: 2 Mbit a second, a quarter of what a snapshot's chunks take. */
const BURST_BYTES: number = 2 * DATAGRAM_BYTES_MAX;
const BYTES_PER_MS = 256;

/** Bytes without an answer, at first and at most, and at least: what goes in 128 ms, and what any line's queue holds. */
const WINDOW_MAX = 32 * 1024;
const WINDOW_MIN: number = BURST_BYTES;

/** Time between two bursts: of a sequencer's ticks. */
const PACE_MS = 4;

/** Slack on top of a round trip before what was sent counts as lost; and the round trip of who has not told his. */
const SLACK_MS = 50;
const TRIP_FIRST_MS = 250;

/**
 *   received                                            end
 *      |======|======|======|------|- - - -
 *         one datagram each  ^ cursor: a pass goes on from here, without waiting
 *
 * A pass sends one datagram after the other, each from where the one before ended, so none is of use before those before it
 * have come. What came is acknowledged; each pass begins with what is not.
 */
export class Tail {
  /** He lacks more than a datagram carries. */
  far = false;
  /** By seat, up to where this pass has come. */
  readonly #cursors: number[];
  #copies = 0;
  #passAt = 0;
  #window = WINDOW_MAX;
  /** What of the window this pass has left, and what may go at this moment. */
  #left = 0;
  #allowance = 0;
  #at = 0;
  /** Of the newest datagram: the most that he lacked of one seat, and whether something of that is left. */
  #lack = 0;
  #rest = false;
  /** Frames that one datagram carries. */
  #fits = RUN_FRAMES_MAX;

  constructor(seats: number) {
    this.#cursors = new Array<number>(seats).fill(0);
  }

  /** He may be sent something at this moment. */
  wake(received: readonly number[], roundTripMs: number, now: number): void {
    this.#allowance = Math.min(BURST_BYTES, this.#allowance + BYTES_PER_MS * (now - this.#at));
    this.#at = now;
    const wentMs = now - this.#passAt;
    if (this.#answered(received)) this.#round(2 * this.#window, now);
    else if (this.#rest && this.#left > 0) return;
    else if (this.#copies < COPIES) {
      if (wentMs >= COPY_AFTER_MS) this.#pass(now);
    } else if (wentMs > (roundTripMs || TRIP_FIRST_MS) + SLACK_MS) this.#round(this.#window / 2, now);
  }

  /** All that was sent has been acknowledged. */
  #answered(received: readonly number[]): boolean {
    for (let seat = 0; seat < received.length; seat++) if (received[seat]! < this.#cursors[seat]!) return false;
    return true;
  }

  #round(window: number, now: number): void {
    this.#window = Math.min(WINDOW_MAX, Math.max(WINDOW_MIN, window));
    this.#copies = 0;
    this.#pass(now);
  }

  #pass(now: number): void {
    this.#copies += 1;
    this.#passAt = now;
    this.#left = this.#window;
    this.#cursors.fill(0);
  }

  /** He lacks so many frames of a seat. */
  lacks(frames: number): void {
    if (frames > this.#lack) this.#lack = frames;
  }

  /** Where the next run of a seat begins. */
  first(seat: number, received: number): number {
    return Math.max(received, this.#cursors[seat]!);
  }

  /** Whether nothing more of a seat is to go now: a run of it would have to begin before where this pass has come. */
  holds(seat: number, first: number): boolean {
    return this.#left <= 0 || first < this.#cursors[seat]!;
  }

  /** A run of `count` frames has been written; without bounds it would have gone up to `end`. */
  sent(seat: number, first: number, count: number, end: number): void {
    this.#cursors[seat] = first + count;
    if (first + count >= end) return;
    this.#rest = true;
    if (count < this.#fits) this.#fits = count;
  }

  /** Before a datagram's runs. */
  begin(): void {
    this.#lack = 0;
    this.#rest = false;
  }

  /** A datagram went out, of so many bytes. */
  posted(bytes: number, now: number): void {
    if (this.far) {
      this.#allowance -= bytes;
      this.#left -= bytes;
      // From here on what is repeated fits one datagram, as in any match.
      if (this.#lack <= this.#fits) this.far = false;
    } else if (this.#lack > RUN_FRAMES_MAX) {
      this.far = true;
      this.#fits = RUN_FRAMES_MAX;
      this.#at = now;
      this.#allowance = BURST_BYTES;
      this.#rest = true;
      this.#round(WINDOW_MAX, now);
    }
  }

  /** Whether another datagram goes at this moment. */
  get goesOn(): boolean {
    return this.far && this.#rest && this.#left > 0 && this.#allowance > 0;
  }

  /** When there may be something to send that waits for nobody's answer. */
  get nextAt(): number {
    if (!this.far) return Infinity;
    if (this.#rest && this.#left > 0) return this.#at + PACE_MS;
    return this.#copies < COPIES ? Math.max(this.#at + PACE_MS, this.#passAt + COPY_AFTER_MS) : Infinity;
  }
}
