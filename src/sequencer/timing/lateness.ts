// How long a seat's inputs are on their way, by the frame clock: how late the late ones come, and how early the early ones.

/** Parts of a frame in which it is measured: whole numbers, since a fraction that is kept would be garbage. */
export const LATENESS_STEPS = 256;

/**
 * How far one arrival moves an estimate: a quarter of a frame in all, so divided that nineteen of twenty come before the
 * late end, and as many after the early end.
 */
const FAR = 61;
const NEAR = 3;

/** No deadline waits for so many frames: it was an outage, and what was sampled in it says nothing of the path. */
const OUTAGE = 16 * LATENESS_STEPS;

/** Nor does what is sampled behind it while he catches up: until one comes in time, or so long that the path is another one. */
const CATCH_UP = 128 * LATENESS_STEPS;

export class Lateness {
  #known = false;
  #early = 0;
  #late = 0;
  #newestAt = 0;
  /** He catches up after an outage, and may until then. */
  #catchesUp = false;
  #behindUntil = 0;

  /** Of all inputs so far the newest came: when it did, and when it was sampled, by the frame clock in whole steps. */
  note(at: number, sampledAt: number): void {
    const steps = at - sampledAt;
    if (this.#known && at - this.#newestAt > OUTAGE) {
      this.#catchesUp = true;
      this.#behindUntil = at + CATCH_UP;
    }
    this.#newestAt = at;
    this.#catchesUp &&= steps > this.#late && at < this.#behindUntil;
    if (this.#catchesUp) return;
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
