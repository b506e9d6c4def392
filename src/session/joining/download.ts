// A snapshot on its way in: which of its chunks to ask for now, and no more at once than the path carries without a queue.
import { CHUNK_BYTES, CHUNKS_ASKED_MAX, CHUNKS_PER_MS, UNASKED_CHUNKS } from "../../wire/limits.js";

/** Chunks under way at first, at least and at most. 64 fill 200 ms of a line of 2.5 Mbit/s, 256 those of one of 10. */
const WINDOW_FIRST: number = UNASKED_CHUNKS;
const WINDOW_MIN = 8;
const WINDOW_MAX = 256;

/** A trip so much longer than the shortest one, and than the other side's pace, is queueing; frames wait in that queue. */
const QUEUE_MS = 40;

/** A chunk that was asked for so long after another and came before it has not overtaken it: the other is lost. */
const OVERTAKEN_MS = 30;

/** Before a chunk has come there is no trip to judge by. */
const PATIENCE_FIRST_MS = 400;

/** Slack on top of one and a half trips before a chunk of a full window counts as lost. */
const SLACK_MS = 40;

/** What is left of the window when there is a queue: a few trips empty one of a second. */
const SHRINKING = 0.75;

/** So many times its patience a chunk is waited for as long as others come: what is lost behind a long queue is asked for, too. */
const PATIENCES_MAX = 3;

/** Weight of a new trip in the smoothed one (RFC 6298). */
const SMOOTHING = 1 / 8;

/** Chunks that may overtake one that is only late. */
const REORDERED = 4;

/** What asks for chunks: bit b of `mask` is chunk `first` + b. */
export interface Wants {
  first: number;
  mask: number;
}

export class Download {
  readonly bytes: Uint8Array;
  readonly #here: Uint8Array;
  readonly #asks: Uint8Array;
  readonly #askedAt: Float64Array;
  /** All chunks before it are here; behind it none has been seen yet. */
  #begin = 0;
  #seenEnd = 0;
  #left: number;
  /** These come unasked, until then. */
  #expected = 0;
  #expectedUntil = 0;
  #window = WINDOW_FIRST;
  #tripMs = 0;
  #bestTripMs = Infinity;
  #shrunkAt = -Infinity;
  /** When the newest of the asked chunks was asked for that has come. */
  #cameOf = -Infinity;
  /** When the newest chunk came that was new. */
  progressAt: number;

  constructor(size: number, now: number) {
    const chunks = Math.ceil(size / CHUNK_BYTES);
    this.bytes = new Uint8Array(size);
    this.#here = new Uint8Array(chunks);
    this.#asks = new Uint8Array(chunks);
    this.#askedAt = new Float64Array(chunks).fill(-Infinity);
    this.#left = chunks;
    this.progressAt = now;
  }

  get chunks(): number {
    return this.#here.length;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  has(index: number): boolean {
    return this.#here[index] === 1;
  }

  /** The first chunks are on their way without having been asked for, if who was to take them was there already. */
  expect(chunks: number, now: number): void {
    this.#expected = chunks;
    this.#expectedUntil = now + chunks / CHUNKS_PER_MS + SLACK_MS;
  }

  /** A chunk that is here. */
  chunk(index: number): Uint8Array {
    return this.bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
  }

  /** Takes a chunk; true when it is new. One of another length than it has to have is none. */
  take(index: number, from: { bytes: Uint8Array; begin: number; end: number }, now: number): boolean {
    const at = index * CHUNK_BYTES;
    const length = Math.min(CHUNK_BYTES, this.bytes.length - at);
    if (index >= this.chunks || from.end - from.begin !== length || this.#here[index] === 1) return false;
    this.bytes.set(from.bytes.subarray(from.begin, from.end), at);
    this.#here[index] = 1;
    this.#left -= 1;
    this.#seenEnd = Math.max(this.#seenEnd, index + 1);
    while (this.#here[this.#begin] === 1) this.#begin += 1;
    if (this.#asks[index] === 1) {
      this.#cameOf = Math.max(this.#cameOf, this.#askedAt[index]!);
      this.#measure(this.#askedAt[index]!, now);
    }
    this.progressAt = now;
    return true;
  }

  // By trips and not by loss: a lossy line is no slow one. Once for all that were under way: what a stream held up comes
  // at once, and says one thing.
  #measure(askedAt: number, now: number): void {
    const tripMs = now - askedAt;
    this.#tripMs = this.#tripMs === 0 ? tripMs : this.#tripMs + SMOOTHING * (tripMs - this.#tripMs);
    this.#bestTripMs = Math.min(this.#bestTripMs, tripMs);
    const queued = tripMs > this.#bestTripMs + QUEUE_MS + this.#window / CHUNKS_PER_MS;
    if (!queued) this.#window = Math.min(WINDOW_MAX, this.#window + 1);
    else if (askedAt >= this.#shrunkAt) {
      this.#window = Math.max(WINDOW_MIN, Math.floor(SHRINKING * this.#window));
      this.#shrunkAt = now;
    }
  }

  // The fewer are under way, the sooner they are asked for again: a window full in this time is what the path carries, and
  // of the last ones nothing tells that they are lost.
  #patience(end: number): number {
    let flying = 0;
    for (let index = this.#begin; index < end && flying < this.#window; index++) flying += 1 - this.#here[index]!;
    const most = this.#tripMs === 0 ? PATIENCE_FIRST_MS : 1.5 * this.#tripMs;
    return (most * flying) / this.#window + SLACK_MS;
  }

  /**
   * Fills in which chunks to ask for; false when there are none to ask for now. `pushed`: they come by themselves, so only
   * gaps are asked for.
   */
  ask(into: Wants, pushed: boolean, now: number): boolean {
    const end = pushed ? this.#seenEnd - REORDERED : this.chunks;
    const patience = this.#patience(end);
    into.mask = 0;
    for (let index = this.#begin, flying = 0; index < end && flying < this.#window; index++) {
      if (this.#here[index] === 1) continue;
      flying += 1;
      if (index < this.#expected && now < this.#expectedUntil) continue;
      const askedAt = this.#askedAt[index]!;
      // While others come it may lie in a queue behind them (RFC 6298, 5.3), but not for ever.
      const waitsMs = Math.max(now - Math.max(askedAt, this.progressAt), (now - askedAt) / PATIENCES_MAX);
      if (this.#asks[index]! > 0 && waitsMs < patience && askedAt >= this.#cameOf - OVERTAKEN_MS) continue;
      if (into.mask === 0) into.first = index;
      if (index - into.first >= CHUNKS_ASKED_MAX) break;
      into.mask = (into.mask | (1 << (index - into.first))) >>> 0;
      this.#askedAt[index] = now;
      if (this.#asks[index]! < 255) this.#asks[index]! += 1;
    }
    return into.mask !== 0;
  }
}
