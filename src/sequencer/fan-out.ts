// The datagram a player is sent: the others' final inputs, the clock, the roster, and what everybody has.
import { writeRun } from "../session/run.js";
import { append } from "../wire/codec.js";
import { RunWriter } from "../wire/input-run.js";
import { RUN_BYTES_MAX } from "../wire/limits.js";
import { blank, rosterEntry, seatRun } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import type { Match } from "./match.js";
import type { Seat } from "./seat.js";

/** Time between datagrams to a player for whom there is nothing new, in frames. */
const KEEPALIVE_FRAMES = 1.5;

/** Bytes of runs in one datagram, so that header and roster fit beside them. */
const RUNS_ROOM = 1000;

/** Bytes of a run beside its bits, at most: seat, first, base, count, length. */
const RUN_HEADER_BYTES = 12;

export class FanOut {
  readonly #body = blank("frames");
  readonly #writers: RunWriter[];

  constructor(seats: number) {
    const room = Math.floor(RUN_BYTES_MAX / Math.max(1, seats - 1));
    this.#writers = Array.from({ length: seats }, () => new RunWriter(room));
  }

  /** Whether everybody else has something newer than this player's last datagram: nothing left to wait for. */
  due(match: Match, seat: Seat): boolean {
    let newest = Infinity;
    for (const other of match.seats) {
      if (other !== undefined && other !== seat && other.present) {
        newest = Math.min(newest, match.inputs.held(other.index));
      }
    }
    if (newest === Infinity || newest <= seat.flushedEnd) return false;
    seat.flushedEnd = newest;
    return true;
  }

  send(match: Match, seat: Seat, outbox: Outbox, now: number): void {
    const { inputs } = match;
    const clock = Math.max(0, match.clock(now));
    const frame = Math.floor(clock);
    const body = this.#body;
    body.generation = seat.generation;
    body.clock = frame & 0xffff;
    body.phase = Math.floor((clock - frame) * 256);
    body.shift = Math.round(match.shift * 256);
    body.echo = seat.sequence;
    body.held = seat.heldQuarters(now);
    body.ownEnd = inputs.held(seat.index) - frame;
    body.stableEnd = match.stableEnd - frame;
    body.agreedEnd = match.agreement.agreedEnd - frame;
    body.rosterBegin = seat.rosterEnd;
    body.roster.count = 0;
    for (let i = seat.rosterEnd; i < match.roster.length; i++) {
      Object.assign(append(body.roster, rosterEntry), match.roster[i]!);
    }
    body.runs.count = 0;
    let room = RUNS_ROOM;
    for (let other = 0; other < inputs.seats && room > 0; other++) {
      if (other !== seat.index) room -= this.#putRun(match, seat, other, frame, now);
    }
    outbox.post(seat.peer, "frames", body);
    seat.flushAt = now + KEEPALIVE_FRAMES * match.frameMs;
  }

  /** Adds what a seat is owed of another's inputs; answers the bytes it took. */
  #putRun({ inputs }: Match, seat: Seat, other: number, frame: number, now: number): number {
    const end = inputs.held(other);
    const received = seat.received[other]!;
    if (received >= end) return 0;
    const redundancy = seat.redundancy[other]!;
    const first = redundancy.first(received, end, seat.roundTripMs, now);
    const run = append(this.#body.runs, seatRun);
    run.seat = other;
    run.first = first - frame;
    writeRun(this.#writers[other]!, inputs, other, received, first, end, run);
    redundancy.sent(first + run.count, now);
    return RUN_HEADER_BYTES + run.bits.end;
  }
}
