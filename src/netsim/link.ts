// One direction of a simulated link, in whatever time it is given: delay, jitter, loss, bursts, doubling, reordering, caps.
import { type Conditions, PERFECT } from "./conditions.js";
import type { Random } from "./random.js";

/** How a reordered datagram is held back: long enough for a few others to pass at 60 per second. */
const REORDER_MS = 40;

/** Queue in front of a bandwidth cap, as time: a cheap router's buffer. */
const QUEUE_MS = 250;

/**
 * A stream notices a loss, of a repeat as well, a round trip later by what was sent behind it (RACK, RFC 8985), and waits
 * for three frames at 60 per second to tell it from reordering.
 */
const REORDERING_MS = 50;

/** Repeats in a row that may be lost, so that a stream on a dead link still ends its wait after the link heals. */
const RETRANSMITS_MAX = 4;

/** A stream never loses, doubles or reorders a message: what a network loses arrives late, and holds up all behind it. */
export type LinkMode = "datagram" | "stream";

export type Deliver = (bytes: Uint8Array) => void;

interface InFlight {
  at: number;
  bytes: Uint8Array;
}

export class Link {
  conditions: Conditions = PERFECT;
  /** A cut link loses every datagram; a stream's wait until it is mended. */
  cut = false;
  readonly #random: Random;
  readonly #mode: LinkMode;
  /** By arrival; of those that arrive together, the one sent first is first. */
  readonly #flying: InFlight[] = [];
  #inBurst = false;
  #busyUntil = 0;
  #lastArrival = 0;
  /** What really happened, so that a test can tell that its faults were real. */
  readonly counts: { sent: number; lost: number; doubled: number; reordered: number; retransmitted: number } = {
    sent: 0,
    lost: 0,
    doubled: 0,
    reordered: 0,
    retransmitted: 0,
  };

  constructor(random: Random, mode: LinkMode) {
    this.#random = random;
    this.#mode = mode;
  }

  /** Takes one datagram; its bytes are copied. */
  send(bytes: Uint8Array, now: number): void {
    this.counts.sent += 1;
    const { bytesPerSecond } = this.conditions;
    const begin = Math.max(now, this.#busyUntil);
    const queued = begin - now;
    if (this.#mode === "datagram" && queued > QUEUE_MS) {
      this.counts.lost += 1;
      return;
    }
    this.#busyUntil = begin + (1000 * bytes.length) / bytesPerSecond;
    if (this.#mode === "stream") this.#sendStream(bytes, this.#busyUntil);
    else this.#sendDatagram(bytes, this.#busyUntil);
  }

  #sendDatagram(bytes: Uint8Array, departure: number): void {
    if (this.cut || this.#lose()) {
      this.counts.lost += 1;
      return;
    }
    const held = this.#random.chance(this.conditions.reorder);
    if (held) this.counts.reordered += 1;
    this.#fly(bytes, departure + this.#travel() + (held ? REORDER_MS : 0));
    if (this.#random.chance(this.conditions.duplicate)) {
      this.counts.doubled += 1;
      this.#fly(bytes, departure + this.#travel());
    }
  }

  #sendStream(bytes: Uint8Array, departure: number): void {
    let arrival = departure + this.#travel();
    let repeats = 0;
    // A repeat comes a round trip later, when the burst that took the first is over: it has a chance of its own.
    for (let lost = this.#lose(); lost && repeats < RETRANSMITS_MAX; lost = this.#random.chance(this.conditions.loss)) {
      repeats += 1;
      arrival += 2 * this.conditions.delayMs + REORDERING_MS;
    }
    this.counts.retransmitted += repeats;
    this.#lastArrival = Math.max(this.#lastArrival, arrival);
    this.#fly(bytes, this.#lastArrival);
  }

  #fly(bytes: Uint8Array, at: number): void {
    // Nearly always the last: only jitter and reordering let one overtake.
    let place = this.#flying.length;
    while (place > 0 && this.#flying[place - 1]!.at > at) place -= 1;
    this.#flying.splice(place, 0, { at, bytes: bytes.slice() });
  }

  #travel(): number {
    return this.conditions.delayMs + this.#random.unit() * this.conditions.jitterMs;
  }

  // A burst ends with probability 1 / length, and begins so often that the share of losses is right.
  #lose(): boolean {
    const { loss, burst, burstLoss, strayLoss } = this.conditions;
    if (loss <= 0) return false;
    if (burst <= 1) return this.#random.chance(loss);
    const bursting = (loss - strayLoss) / (burstLoss - strayLoss);
    const begin = bursting >= 1 ? 1 : bursting / (burst * (1 - bursting));
    this.#inBurst = this.#random.chance(this.#inBurst ? 1 - 1 / burst : begin);
    const share = this.#inBurst ? burstLoss : strayLoss;
    return share >= 1 || (share > 0 && this.#random.chance(share));
  }

  /** Hands over all that has arrived by `now`, in order of arrival. */
  deliver(now: number, to: Deliver): void {
    if (this.cut && this.#mode === "stream") return;
    const flying = this.#flying;
    while (flying.length > 0 && flying[0]!.at <= now) to(flying.shift()!.bytes);
  }

  /** Streams that the datagrams take in turn. */
  get stripes(): number {
    return 1;
  }

  /** When the next datagram arrives; Infinity when none is under way. */
  get nextAt(): number {
    return this.#flying[0]?.at ?? Infinity;
  }
}
