// How often a stream stands still for a lost packet, seen from what comes out of it; and how many sockets that calls for.

/** Three are as good as datagrams up to 2 % loss (measured); a fourth gained next to nothing. */
export const STRIPES_MAX = 3;

/**
 * Frames come 16 to 25 ms apart, and a repeat takes a round trip and the detection of the loss: a silence that is longer
 * than this for every socket and one more, and then a burst, was a hold-up. Shorter ones cost nobody two frames.
 */
const GAP_MS = 30;

/** Who plays sends more often than this; who does not, waits in a lobby, or slept. */
const SEND_MS = 100;

/** What stood behind the lost packet comes out of the stream at once. */
const BURST_MS = 3;

/** So many hold-ups within so long call for another socket: 0.3 % loss. A tenth of that does not, in most hours. */
const HOLD_UPS = 3;
const WITHIN_MS = 10_000;

/** A network without a hold-up for so long is another one: a socket is given back. */
const QUIET_MS = 60_000;

/** What one socket's arrivals look like. */
export class Arrivals {
  #lastAt = Infinity;
  #gapEndAt = -Infinity;
  #sends = 0;

  /**
   * A datagram came. True when it shows that the socket was held up. `sends` counts the datagrams that we sent so far: who
   * sent hardly any in the gap was asleep, and what came meanwhile waited for him.
   */
  hear(now: number, stripes: number, sends: number): boolean {
    const gapMs = now - this.#lastAt;
    const awake = sends - this.#sends >= Math.max(2, gapMs / SEND_MS);
    const burst = now - this.#gapEndAt <= BURST_MS;
    this.#gapEndAt = awake && gapMs > GAP_MS * (stripes + 1) ? now : -Infinity;
    this.#lastAt = now;
    this.#sends = sends;
    return burst;
  }
}

/** How many sockets the hold-ups of a carrier call for. */
export class Demand {
  readonly #least: number;
  readonly #most: number;
  #recent: number[] = [];
  #changedAt = -Infinity;
  #wanted: number;
  /** All hold-ups so far. */
  holdUps = 0;

  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#wanted = least;
  }

  heldUp(now: number): void {
    this.holdUps += 1;
    this.#recent = this.#recent.filter((at) => now - at < WITHIN_MS);
    this.#recent.push(now);
    if (this.#recent.length >= HOLD_UPS) this.#want(this.#wanted + 1, now);
    else this.#changedAt = now;
  }

  stripes(now: number): number {
    if (now - this.#changedAt > QUIET_MS) this.#want(this.#wanted - 1, now);
    return this.#wanted;
  }

  // What was counted before another socket came says nothing about the match with it.
  #want(stripes: number, now: number): void {
    this.#wanted = Math.min(this.#most, Math.max(this.#least, stripes));
    this.#changedAt = now;
    this.#recent = [];
  }
}
