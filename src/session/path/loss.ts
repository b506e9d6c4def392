// How many datagrams one direction of a path loses: counted where they arrive, told to who sends them as a level.

/** A level is told in three bits: the greatest whose share is not above what was measured. The last two are of bursts. */
export const LOSS_LEVELS: readonly number[] = [0, 0.004, 0.015, 0.04, 0.08, 0.2, 0.02, 0.08];
const BURSTS = 6;

/** Datagrams remembered, at least half of them: five to ten seconds of one each frame at 60 a second. */
const REMEMBERED = 600;

/** Seen before a share is believed: a second at 60 a second. */
const BELIEVED = 60;

/** Losses for each time that something is lost: with more than this they come in bursts, and single repeats die with them. */
const BURST = 1.5;

/** Duplicates make up for losses, but not for those to come. */
const SURPLUS_MAX = 4;

/**
 * The sender numbers its datagrams and tells the number now and then, by its low bits; between two such numbers so many
 * have to arrive.
 */
export class LossMeter {
  readonly #modulus: number;
  #number = 0;
  #numbered = false;
  #arrived = 0;
  #sent = 0;
  #lost = 0;
  /** Times that something was lost. */
  #losses = 0;

  /** So many numbers are told apart: more than are ever lost in a row, and by a third, for those that come out of order. */
  constructor(modulus: number) {
    this.#modulus = modulus;
  }

  arrived(): void {
    this.#arrived += 1;
  }

  /** The datagram that arrived last says that it is this one. */
  numbered(number: number): void {
    const modulus = this.#modulus;
    const sent = (number - this.#number + modulus) % modulus;
    if (this.#numbered && 4 * sent >= 3 * modulus) return; // an older one, out of order
    if (this.#numbered) {
      this.#sent += sent;
      this.#lost = Math.max(-SURPLUS_MAX, this.#lost + sent - this.#arrived);
      if (sent > this.#arrived) this.#losses += 1;
    }
    this.#numbered = true;
    this.#number = number;
    this.#arrived = 0;
    if (this.#sent < REMEMBERED) return;
    this.#sent >>= 1;
    this.#lost >>= 1;
    this.#losses >>= 1;
  }

  /** 0 to 1; 0 until enough was seen. */
  get share(): number {
    return this.#sent < BELIEVED ? 0 : Math.min(1, Math.max(0, this.#lost / this.#sent));
  }

  get level(): number {
    const { share } = this;
    const bursts = this.#lost > BURST * this.#losses;
    let level = bursts && share >= LOSS_LEVELS[BURSTS]! ? LOSS_LEVELS.length - 1 : BURSTS - 1;
    while (LOSS_LEVELS[level]! > share) level -= 1;
    return level;
  }
}
