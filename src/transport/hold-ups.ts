// How often a stream stands still for a lost packet, seen from what comes out of it; and how many sockets that calls for.

/** Three are as good as datagrams up to 2 % loss (measured); a fourth gained next to nothing. */
export const STRIPES_MAX = 3;

/**
 * Frames come 16 to 25 ms apart, and a repeat takes a round trip and the detection of the loss: a silence that is longer
 * than this for every socket and one more, and then a burst, was a hold-up. Shorter ones cost nobody two frames.
 */
const GAP_MS = 30;

/** Who plays sends more often than this; who does not, waits in a lobby, or slept. */
export const SEND_MS = 100;

/** What stood behind the lost packet comes out of the stream at once. */
const BURST_MS = 3;

/** So many hold-ups within so long call for another socket: 0.3 % loss. A tenth of that does not, in most hours. */
const HOLD_UPS = 3;
const WITHIN_MS = 10_000;

/** A network without a hold-up for so long is another one: a socket is given back. */
const QUIET_MS = 60_000;

/** A pause is heard of after a round trip, in which a repeat may be due both ways: longer than on any path one plays on. */
const EXCUSED_MS = 1000;

/** What comes after a pause may be late by as much again, for reasons of its own: only what stood still longer was held up. */
const EXCUSED_PAUSES = 2;

/** What one socket's arrivals look like. */
export class Arrivals {
  readonly #pulseMs: number;
  #lastAt = Infinity;
  #gapMs = 0;
  #gapEndAt = -Infinity;
  #pulses = 0;

  /** Who listens has a pulse in any such time, as long as he is awake. */
  constructor(pulseMs: number) {
    this.#pulseMs = pulseMs;
  }

  /**
   * A datagram came. Answers for how many ms the socket was held up when it shows that, else 0. `pulses` counts ours so
   * far: who had hardly any in the gap was asleep, and what came meanwhile waited for him.
   */
  hear(now: number, stripes: number, pulses: number): number {
    const gapMs = now - this.#lastAt;
    const awake = pulses - this.#pulses >= Math.max(2, gapMs / this.#pulseMs);
    const heldUpMs = now - this.#gapEndAt <= BURST_MS ? this.#gapMs : 0;
    this.#gapEndAt = awake && gapMs > GAP_MS * (stripes + 1) ? now : -Infinity;
    this.#gapMs = gapMs;
    this.#lastAt = now;
    this.#pulses = pulses;
    return heldUpMs;
  }
}

/** The pauses in what we send through one socket: at the other end they look like hold-ups. */
export class Departures {
  #lastAt = Infinity;
  #since = -Infinity;
  /** The longest, and the longest of the time before. */
  #longestMs = 0;
  #beforeMs = 0;

  /** A datagram goes out. */
  sent(now: number): void {
    if (now - this.#since >= EXCUSED_MS) {
      this.#since = now;
      this.#beforeMs = this.#longestMs;
      this.#longestMs = 0;
    }
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastAt);
    this.#lastAt = now;
  }

  /** Whether a pause of our own explains that nothing came for so long. */
  excuse(gapMs: number): boolean {
    return EXCUSED_PAUSES * Math.max(this.#longestMs, this.#beforeMs) >= gapMs;
  }
}

/** Where something was held up: in what we send, or in what comes to us. */
export type Way = "up" | "down";

/** How many sockets the hold-ups of a carrier call for. */
export class Demand {
  readonly #least: number;
  readonly #most: number;
  /** Each way alone: what stops both at once, an outage, is one loss and not two. */
  #recent: Record<Way, number[]> = { up: [], down: [] };
  #changedAt = -Infinity;
  #wanted: number;
  /** All hold-ups so far. */
  holdUps = 0;

  constructor(least: number, most: number) {
    this.#least = least;
    this.#most = most;
    this.#wanted = least;
  }

  heldUp(way: Way, now: number): void {
    this.holdUps += 1;
    const recent = this.#recent[way].filter((at) => now - at < WITHIN_MS);
    this.#recent[way] = recent;
    recent.push(now);
    if (recent.length >= HOLD_UPS) this.#want(this.#wanted + 1, now);
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
    this.#recent = { up: [], down: [] };
  }
}
