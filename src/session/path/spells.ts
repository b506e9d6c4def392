// Figures of the last second or two: the least of something, and how much there was of it.

/** Short enough to follow what happens, long enough to be read. */
export const SPELL_MS = 1000;

/** The least value of this spell and the one before. */
export class Least {
  #begin = -Infinity;
  #before = 0;
  #now = 0;

  note(value: number, now: number): void {
    if (now - this.#begin >= SPELL_MS) {
      this.#before = this.#begin === -Infinity ? value : this.#now;
      this.#now = value;
      this.#begin = now;
    } else if (value < this.#now) this.#now = value;
  }

  get value(): number {
    return Math.min(this.#before, this.#now);
  }
}

/** How fast a total grew in the last whole spell. */
export class Growth {
  #begin = -Infinity;
  #total = 0;
  perSecond = 0;

  note(total: number, now: number): void {
    const ms = now - this.#begin;
    if (ms < SPELL_MS) return;
    this.perSecond = ms === Infinity ? 0 : (1000 * (total - this.#total)) / ms;
    this.#begin = now;
    this.#total = total;
  }
}
