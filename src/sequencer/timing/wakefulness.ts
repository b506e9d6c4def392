// Whether this machine slept: then nobody was silent, no deadline passed, and the frame clock stood still.

/** A gap that means sleep. Shorter ones are hosts that are busy. */
const SLEEP_MS = 250;

/** Times are never undefined here, since a field that holds numbers only makes no garbage; of NaN no gap follows. */
export class Wakefulness {
  #seenAt = Number.NaN;
  #tickedAt = Number.NaN;
  #tickGapMs = 0;
  /** The tick before the last one: what came earlier has been taken by now. */
  takenUntil: number = Number.NaN;

  /** Something happens at `now`. Answers for how long we slept before it, in ms: nearly always 0. */
  wake(now: number): number {
    const gapMs = now - this.#seenAt;
    this.#seenAt = now;
    // A host that always ticks so seldom does not sleep; one that suddenly does, did.
    return gapMs > SLEEP_MS && !(this.#tickGapMs > SLEEP_MS) ? gapMs : 0;
  }

  tick(now: number): void {
    this.takenUntil = this.#tickedAt;
    this.#tickGapMs = now - this.#tickedAt;
    this.#tickedAt = now;
  }
}
