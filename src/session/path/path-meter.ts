// What one side of a path measures of it: how unevenly datagrams travel, and how many are lost each way.
import { LOSS_LEVELS, LossMeter } from "./loss.js";

/** Weight of a new difference in the mean (RFC 3550, 6.4.1). */
const GAIN = 1 / 16;

/** A difference beyond this is a pause, not jitter. */
const PAUSE_MS = 500;

/** Times of travel are handed over as whole sixteenths of a ms: a fraction that is handed on is garbage. */
export const TRAVEL_STEPS = 16;

export class PathMeter {
  /** Of what comes in. */
  readonly arrivals: LossMeter;
  /** The level of loss that the other side measured of what goes out. */
  toldLoss = 0;
  /** Mean difference between two datagrams' times of travel (RFC 3550, 6.4.1), in ms. */
  jitterMs = 0;
  #travel = 0;
  #travelled = false;

  constructor(modulus: number) {
    this.arrivals = new LossMeter(modulus);
  }

  /** A datagram travelled for so long, in 32 bits; by two clocks, so that only differences mean anything. */
  travelled(steps: number): void {
    const differenceMs = Math.abs((steps - this.#travel) | 0) / TRAVEL_STEPS;
    this.#travel = steps;
    if (this.#travelled && differenceMs < PAUSE_MS) this.jitterMs += GAIN * (differenceMs - this.jitterMs);
    this.#travelled = true;
  }

  /** Share lost of what goes out, as far as a level tells. */
  get lossOut(): number {
    return LOSS_LEVELS[this.toldLoss]!;
  }
}
