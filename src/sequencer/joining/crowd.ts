// Those who look on and keep up: each datagram is made once, for all of them; who lacks more than that is served alone.
import { SamestepError } from "../../error.js";
import { HISTORY_FRAMES } from "../../session/inputs/final-inputs.js";
import type { Outbox } from "../../wire/outbox.js";
import { FanOut, toldEnd } from "../fan-out.js";
import { lacks } from "../lag.js";
import type { Match } from "../match.js";
import { Seat } from "../seat.js";

/** Frames that one may lack of what was told to all: more of them cost all others bytes. */
const TOGETHER_FRAMES = 64;

/** Time between two datagrams of his own to each, which close a round trip. */
const ALONE_MS = 1000;

/** What is told later is kept for as long: half of the history, so that the other half is for repairs. */
const DELAY_FRAMES_MAX = HISTORY_FRAMES / 2;

/** So much of it every game of 60 frames a second has; a faster one has less. */
export const SPECTATOR_DELAY_SECONDS_MAX = 8;

/** @throws SamestepError BAD_CONFIG */
export function delaySeconds(asked = 0): number {
  if (asked >= 0 && asked <= SPECTATOR_DELAY_SECONDS_MAX) return asked;
  const text = `spectators see a match 0 to ${SPECTATOR_DELAY_SECONDS_MAX} seconds later, not ${asked}`;
  throw new SamestepError("BAD_CONFIG", text);
}

export class Crowd {
  readonly #outbox: Outbox;
  readonly delayFrames: number;
  readonly #fanOut: FanOut;
  /** What all who keep up have, as if they were one. */
  readonly #all: Seat;
  readonly #near: Seat[] = [];

  constructor(outbox: Outbox, match: Match, delaySeconds: number) {
    const { players, inputDelay } = match.config;
    this.#outbox = outbox;
    this.delayFrames = Math.min(DELAY_FRAMES_MAX, Math.round(delaySeconds * match.config.framesPerSecond));
    // They are told of all seats.
    this.#fanOut = new FanOut(players, players);
    this.#all = new Seat({
      index: players,
      peer: 0,
      token: "",
      seats: players,
      inputDelay,
      frameMs: match.frameMs,
      now: 0,
    });
    this.#all.watches = true;
  }

  /** One of them, alone. */
  serve(match: Match, seat: Seat, now: number): void {
    if (now >= seat.flushAt) this.#fanOut.send(match, seat, this.#outbox, now, this.delayFrames);
  }

  /** All of them. */
  tick(match: Match, watching: readonly Seat[], now: number): void {
    const all = this.#all;
    const near = this.#near;
    const told = toldEnd(match, match.clock(now) - this.delayFrames, this.delayFrames);
    near.length = 0;
    for (const seat of watching) {
      const own = seat.owesEcho && now >= seat.timedAt;
      if (own || lacks(match, seat, told) > TOGETHER_FRAMES) {
        this.serve(match, seat, now);
        if (own) seat.timedAt = now + ALONE_MS;
      } else near.push(seat);
    }
    if (near.length === 0 || now < all.flushAt) return;
    this.#gather(near);
    all.peer = near[0]!.peer;
    this.#fanOut.send(match, all, this.#outbox, now, this.delayFrames);
    for (let i = 1; i < near.length; i++) this.#outbox.repeat(near[i]!.peer);
  }

  /** What every one of them has. */
  #gather(near: readonly Seat[]): void {
    const all = this.#all;
    all.begin = 0;
    all.rosterEnd = Infinity;
    all.received.fill(Infinity);
    for (const seat of near) {
      all.begin = Math.max(all.begin, seat.begin);
      all.rosterEnd = Math.min(all.rosterEnd, seat.rosterEnd);
      all.roundTripMs = Math.max(all.roundTripMs, seat.roundTripMs);
      for (let other = 0; other < all.received.length; other++) {
        all.received[other] = Math.min(all.received[other]!, seat.received[other]!);
      }
    }
  }
}
