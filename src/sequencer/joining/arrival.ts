// Somebody who comes in while the match runs: where he begins, what he has been sent, and what he has shown of himself.
import { Supply } from "../../session/joining/supply.js";
import { tripMs } from "../../wire/stream.js";
import type { Seat } from "../seat.js";

/** Reports of one newcomer that wait to be compared: a second of them. */
export const REPORTS_MAX = 16;

export class Arrival {
  readonly seat: Seat;
  /** Who sat there before, if he may still come back. */
  readonly previous: Seat | undefined;
  supply = new Supply(0);
  /** Where he begins; undefined until there is a snapshot for him. */
  frame: number | undefined;
  /** What he is told of that state: the depot may have another one for others by the time he has played on from it. */
  heading = { low: 0, high: 0, size: 0 };
  /** A snapshot of an earlier frame is of no use to him. */
  least: number;
  tellAt = 0;
  /** Whether he has been told where he begins; and whether he has heard it. */
  told = false;
  begun = false;
  /** His shortest round trip so far: the others are of a path that his snapshot fills. Undefined: he knows of none yet. */
  tripMs: number | undefined;
  attempts = 0;
  /** He computes what everybody computes, and up to where he says so. */
  proven = false;
  provenEnd = 0;
  wrong = false;
  provenAt: number | undefined;
  reportedEnd = 0;
  /** What he reported that nobody has agreed on yet: he may be nearer than those who play. */
  readonly reports = new Map<number, number>();

  constructor(seat: Seat, previous: Seat | undefined, least: number) {
    this.seat = seat;
    this.previous = previous;
    this.least = least;
  }

  /** His round trip, as he says in a byte. */
  travelled(told: number): void {
    const ms = tripMs(told);
    if (ms !== undefined && ms < (this.tripMs ?? Infinity)) this.tripMs = ms;
  }

  /** What he reported of a frame, held against what all agreed on. */
  compare(frame: number, same: boolean): void {
    this.reports.clear();
    if (!same) this.wrong = true;
    else {
      this.proven = true;
      this.provenEnd = Math.max(this.provenEnd, frame);
    }
  }

  /** His snapshot was no good to him: he needs a later one. */
  again(): void {
    this.attempts += 1;
    this.least = this.frame! + 1;
    this.frame = undefined;
    this.told = false;
    this.begun = false;
    this.proven = false;
    this.provenEnd = 0;
    this.wrong = false;
    this.reports.clear();
    this.reportedEnd = 0;
  }
}
