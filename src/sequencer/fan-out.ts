// The datagram a player is sent: the others' final inputs, the clock, the roster, and what everybody has.
import { writeRun } from "../session/run.js";
import { append } from "../wire/codec.js";
import { RunWriter } from "../wire/input-run.js";
import { ROSTER_TOLD_MAX, runBytes } from "../wire/limits.js";
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import { nextRun, rosterEntry } from "../wire/stream.js";
import type { Match } from "./match.js";
import type { Seat } from "./seat.js";

/** Time between datagrams to a player for whom there is nothing new, in frames. */
const KEEPALIVE_FRAMES = 1.5;

/** Time between two datagrams that say what all have, where there is no round trip to close. */
const TIMED_MS = 250;

export class FanOut {
  readonly #body = blank("frames");
  readonly #writers: RunWriter[];

  constructor(seats: number) {
    this.#writers = Array.from({ length: seats }, () => new RunWriter(runBytes(seats)));
  }

  /** Whether everybody else has something newer than this player's last datagram: nothing left to wait for. */
  due(match: Match, seat: Seat): boolean {
    return othersEnd(match, seat) > seat.flushedEnd;
  }

  send(match: Match, seat: Seat, outbox: Outbox, now: number): void {
    const { inputs } = match;
    const clock = match.clock(now);
    // Before frame zero there is no frame to tell, and a wrong clock would mislead everybody for seconds.
    if (clock < 0) {
      seat.flushAt = now + match.frameMs;
      return;
    }
    const frame = Math.floor(clock);
    const body = this.#body;
    body.seat = seat.index;
    body.generation = seat.generation;
    body.clock = frame & 0xffff;
    body.ownEnd = inputs.held(seat.index) - frame;
    body.timed = seat.owesEcho || now >= seat.timedAt;
    if (body.timed) time(body, match, seat, clock, now);
    body.rosterBegin = seat.rosterEnd;
    body.roster.count = 0;
    const rosterEnd = Math.min(match.roster.length, seat.rosterEnd + ROSTER_TOLD_MAX);
    for (let i = seat.rosterEnd; i < rosterEnd; i++) {
      Object.assign(append(body.roster, rosterEntry), match.roster[i]!);
    }
    body.runs.count = 0;
    for (let other = 0; other < inputs.seats; other++) {
      if (other !== seat.index) this.#putRun(match, seat, other, frame, now);
    }
    outbox.post(seat.peer, "frames", body);
    seat.flushedEnd = othersEnd(match, seat);
    seat.flushAt = now + KEEPALIVE_FRAMES * match.frameMs;
  }

  /** Adds what a seat is owed of another's inputs. */
  #putRun({ inputs }: Match, seat: Seat, other: number, frame: number, now: number): void {
    const end = inputs.held(other);
    const received = seat.received[other]!;
    if (received >= end) return;
    const redundancy = seat.redundancy[other]!;
    const first = redundancy.first(received, seat, now);
    const run = nextRun(this.#body.runs);
    run.seat = other;
    run.first = first - frame;
    writeRun(this.#writers[other]!, inputs, other, received, first, end, run);
    redundancy.sent(first, first + run.count, now);
  }
}

function time(body: Body<"frames">, match: Match, seat: Seat, clock: number, now: number): void {
  const frame = Math.floor(clock);
  body.phase = Math.floor((clock - frame) * 256);
  body.shift = Math.round(match.shift * 256);
  body.echo = seat.sequence;
  body.held = seat.heldQuarters(now);
  body.stableEnd = match.stableEnd - frame;
  body.agreedEnd = match.agreement.agreedEnd - frame;
  seat.owesEcho = false;
  seat.timedAt = now + TIMED_MS;
}

/** The least that is held of the others who are present: 0 when nobody else is. */
function othersEnd(match: Match, seat: Seat): number {
  let end = Infinity;
  for (const other of match.seats) {
    if (other !== undefined && other !== seat && other.present) end = Math.min(end, match.inputs.held(other.index));
  }
  return end === Infinity ? 0 : end;
}
