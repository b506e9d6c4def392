// How long a seat's inputs are on their way, by the frame clock: how late the late ones come, and how early the early ones.

/** Parts of a frame in which it is measured: whole numbers, since a fraction that is kept would be garbage. */
export const LATENESS_STEPS = 256;

/**
 * How far one arrival moves an estimate: a quarter of a frame in all, so divided that nineteen of twenty come before the
 * late end, and as many after the early end. An outage counts as one arrival, however long it was.
 */
const FAR = 61;
const NEAR = 3;

export class Lateness {
  #known = false;
  #early = 0;
  #late = 0;

  /** An input came, so many steps after it was sampled. */
  note(steps: number): void {
    if (!this.#known) {
      this.#known = true;
      this.#early = steps;
      this.#late = steps;
      return;
    }
    this.#early += steps < this.#early ? -FAR : NEAR;
    this.#late += steps > this.#late ? FAR : -NEAR;
  }

  /** Frames after which nearly all have come; 0 before anything has. */
  get frames(): number {
    return this.#late / LATENESS_STEPS;
  }

  get jitterFrames(): number {
    return Math.max(0, this.#late - this.#early) / LATENESS_STEPS;
  }
}
