// The sequencer's frame clock: runs with time, but never further ahead of the players than they could follow.

/**
 *   time   frames since frame zero, if nobody had ever waited
 *   shift  how many frames were waited in all; `waited` of them for players, the rest while this machine slept
 *   clock  time - shift: the frame that everybody should be playing now
 */
export class MatchClock {
  readonly #frameMs: number;
  readonly #zeroAt: number;
  #shift = 0;
  #waited = 0;

  /** Frame zero is at `zeroAt` ms. */
  constructor(frameMs: number, zeroAt: number) {
    this.#frameMs = frameMs;
    this.#zeroAt = zeroAt;
  }

  get shift(): number {
    return this.#shift;
  }

  get waited(): number {
    return this.#waited;
  }

  /** It stood still for so long: this machine slept. */
  sleep(ms: number): void {
    this.#shift += ms / this.#frameMs;
  }

  /** The frame clock at `now`; when it would pass `end`, it is held there, for good. */
  at(now: number, end: number): number {
    const time = (now - this.#zeroAt) / this.#frameMs;
    if (time - this.#shift > end) {
      this.#waited += time - end - this.#shift;
      this.#shift = time - end;
    }
    return time - this.#shift;
  }
}
