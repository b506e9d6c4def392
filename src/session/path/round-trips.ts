// When each datagram was sent, for the round trips that their echoes close.

/** Sequence numbers whose send time is remembered: of one datagram a frame, four seconds at 240 frames per second. */
const SENT_TIMES = 1024;

const HELD_UNKNOWN = 255;

export class RoundTrips {
  readonly #sentAt = new Float64Array(SENT_TIMES);
  readonly #sentSequence = new Int32Array(SENT_TIMES).fill(-1);
  #sequence = 0;

  /** A datagram goes out that does not tell its number. */
  skip(): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
  }

  /** Stamps a datagram with the next sequence number. */
  stamp(now: number): number {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sentAt[this.#sequence % SENT_TIMES] = now;
    this.#sentSequence[this.#sequence % SENT_TIMES] = this.#sequence;
    return this.#sequence;
  }

  /** Whether an echo closes a round trip. */
  closes(echo: number, held: number): boolean {
    return this.#sentSequence[echo % SENT_TIMES] === echo && held !== HELD_UNKNOWN;
  }

  /** The round trip that an echo closes, in ms. `held` is in quarter ms. */
  ms(echo: number, held: number, now: number): number {
    return Math.max(0, now - this.#sentAt[echo % SENT_TIMES]! - held / 4);
  }
}
