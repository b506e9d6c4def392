// What one page says of later epochs: how far it is believed, and when a match that goes on well moves for it.
import type { Message } from "../wire/messages.js";
import { seatOf } from "./ballot.js";
import type { Chair } from "./chair.js";
import { type Election, SILENCE_MS } from "./election.js";
import type { Heritage } from "./heritage.js";

/**
 * Hand-overs by which one page may raise the numbers that are known here, and the time after which it may by one more. A
 * claim by silence takes longer than a second, and is seldom. Of sixteen seats one that lies as far as it is believed, to
 * each of the others, takes twenty hours to `EPOCH_MAX`.
 */
const REACH = 1024;
const REACH_AGAIN_MS = 10_000;

/** Of whom a match goes on well, so many have to say that there is a later epoch: one may be wrong, or wish us ill. */
const WITNESSES = 2;

/** Calls to a later epoch that cost nothing; each further one is heard after twice the pause, up to the longest. */
const CALLS_FREE = 3;
const PAUSE_MS = 1000;
const PAUSE_MS_MAX = 32_000;

/** After so long a call is forgotten. */
const FORGET_MS = 30_000;

export interface HearsayParts {
  own: number;
  seats: number;
  election: Pick<Election, "epoch" | "promised" | "known" | "role" | "note" | "exceed" | "sticks">;
  heritage: Pick<Heritage, "electors" | "plays">;
  chair: Pick<Chair, "leads">;
}

interface Source {
  /** Hand-overs by which it has raised what we know. */
  raised: number;
  /** The highest number that it said lately, believed or not. */
  said: number;
  saidAt: number;
  /** Later epochs to which it has called us lately. */
  calls: number;
  calledAt: number;
}

export class Hearsay {
  readonly #parts: HearsayParts;
  readonly #bySeat: Source[];
  #beganAt: number | undefined;
  /** Who is to open the next epoch after the one in which we lived then, and how long nobody else may. */
  #expected: number | undefined;
  #expectedIn = 0;
  #expectedUntil = -Infinity;

  constructor(parts: HearsayParts) {
    this.#parts = parts;
    const source = { raised: 0, said: 0, saidAt: -Infinity, calls: 0, calledAt: -Infinity };
    this.#bySeat = Array.from({ length: parts.seats }, () => ({ ...source }));
  }

  /** Whether a seat can know of this epoch, as far as honest pages get; what is beyond is of no use. */
  reaches(from: number, epoch: number, now: number): boolean {
    const { seats, election } = this.#parts;
    this.#beganAt ??= now;
    if (epoch > election.promised) this.#note(from, epoch, now);
    const rounds = Math.floor(epoch / seats) - Math.floor(election.known / seats);
    if (rounds > 0) {
      const source = this.#bySeat[from]!;
      const left = REACH + (now - this.#beganAt) / REACH_AGAIN_MS - source.raised;
      const alone = this.#saying(epoch, now).length < WITNESSES;
      if (alone && rounds > left) return false;
      source.raised += alone ? rounds : 0;
    }
    election.note(epoch);
    return true;
  }

  /**
   * Whether we follow where a seat calls us. Where the match goes on well, not for one page alone: whoever sequences claims
   * a later epoch for all then, so that who has promised a later one, and cannot come back, is with us again.
   */
  heeds(from: number, epoch: number, now: number): boolean {
    const { own, seats, election } = this.#parts;
    if (epoch <= election.promised || from === own) return true;
    const awaits = now < this.#expectedUntil && election.epoch === this.#expectedIn;
    const expected = awaits ? this.#expected : undefined;
    const settled = this.#settled(now);
    const sequencer = seatOf(election.epoch, seats);
    const alone = (settled ? from !== sequencer : expected !== undefined && from !== expected) && !this.#witnessed(now);
    const exceeds = alone && settled && election.role === "sequencing";
    if (alone && !exceeds) return false;
    if (from !== expected && !this.#calls(from, now)) return false;
    // Where he hands over, his promise names nobody.
    const named = epoch > election.epoch + 1;
    if (settled && (exceeds || named)) this.expect(exceeds ? own : seatOf(epoch, seats), now);
    if (exceeds) election.exceed(epoch, now);
    return !alone;
  }

  /** A seat is to open the next epoch: nobody else alone calls us elsewhere meanwhile. */
  expect(seat: number, now: number): void {
    this.#expected = seat;
    this.#expectedIn = this.#parts.election.epoch;
    this.#expectedUntil = now + SILENCE_MS;
  }

  /** The match goes on here, and its sequencer is heard, or it is we and most are heard. */
  #settled(now: number): boolean {
    const { election, heritage, chair } = this.#parts;
    return chair.leads(now) || (heritage.plays && election.sticks(now));
  }

  /** Whether more than one of those who are present say that there is a later epoch; of two, the other one. */
  #witnessed(now: number): boolean {
    const { election, heritage } = this.#parts;
    const present = heritage.electors;
    const witnesses = this.#saying(election.promised + 1, now).filter((seat) => present.includes(seat));
    return witnesses.length >= Math.min(WITNESSES, present.length - 1);
  }

  #note(from: number, epoch: number, now: number): void {
    const source = this.#bySeat[from]!;
    if (epoch >= source.said || now - source.saidAt > SILENCE_MS) source.said = epoch;
    source.saidAt = now;
  }

  /** Seats that have lately spoken of this epoch, or a later one. */
  #saying(epoch: number, now: number): number[] {
    const seats = [...this.#bySeat.keys()];
    return seats.filter((seat) => {
      const { said, saidAt } = this.#bySeat[seat]!;
      return said >= epoch && now - saidAt <= SILENCE_MS;
    });
  }

  /** False where he has called in vain so often that it is not his turn. */
  #calls(from: number, now: number): boolean {
    const source = this.#bySeat[from]!;
    const since = now - source.calledAt;
    const calls = Math.max(0, source.calls - Math.floor(since / FORGET_MS));
    const pauseMs = calls < CALLS_FREE ? 0 : Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** (calls - CALLS_FREE));
    if (since < pauseMs) return false;
    source.calls = calls + 1;
    source.calledAt = now;
    return true;
  }
}

/** The latest epoch of which a datagram says that it is open, claimed or promised. */
export function latestIn(epoch: number, message: Message | undefined): number {
  if (message?.type === "notice") return Math.max(epoch, message.body.promised);
  return message?.type === "claim" && message.body.step === 1 ? Math.max(epoch, message.body.ballot) : epoch;
}
