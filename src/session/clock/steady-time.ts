// The host's clock, made to go forward only: a clock that is set back must not make us wait for it to catch up.

export class SteadyTime {
  #back = 0;
  #last = -Infinity;

  /** The time to live by, in ms, for what the host's clock says. */
  at(now: number): number {
    if (now + this.#back < this.#last) this.#back = this.#last - now;
    this.#last = now + this.#back;
    return this.#back === 0 ? now : this.#last; // a fraction read from a field is garbage
  }
}
