// The datagram a player is sent: the others' final inputs, the clock, the roster, and what everybody has.
import { PARTS_AT_ONCE } from "../session/inputs/parts-out.js";
import { writeRun } from "../session/inputs/run.js";
import { PRESENCE_REPLACED } from "../simulation/simulation.js";
import { append } from "../wire/codec.js";
import { RunWriter } from "../wire/input-run.js";
import { inlineBytesMax, ROSTER_TOLD_MAX, RUN_FRAMES_MAX, runBytes } from "../wire/limits.js";
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import { GENERATIONS, NUMBERS, nextRun, rosterEntry } from "../wire/stream.js";
import type { Match } from "./match.js";
import type { Seat } from "./seat.js";

/** Time between datagrams to a player for whom there is nothing new, in frames. */
const KEEPALIVE_FRAMES = 1.5;

/** Time between two datagrams that say what all have, where there is no round trip to close. */
const TIMED_MS = 250;

export class FanOut {
  readonly #body = blank("frames");
  readonly #writers: RunWriter[];
  readonly #verdict = new Uint8Array(RUN_FRAMES_MAX >> 3);
  /** Nothing of the frames from here on is told: spectators hear what is final of everybody, and with a delay. */
  #limit = Infinity;
  /** What he is told the clock is: kept, since a number that is passed on would be garbage. */
  #clock = 0;
  /** Parts that may still go to the player who is being served. */
  #partsLeft = 0;

  /** `told`: seats of which a datagram tells at most; by default all but the one it goes to. */
  constructor(seats: number, told: number = seats - 1) {
    this.#writers = Array.from({ length: seats }, () => new RunWriter(runBytes(told + 1), inlineBytesMax(seats)));
  }

  /** Whether everybody else has something newer than this player's last datagram: nothing left to wait for. */
  due(match: Match, seat: Seat): boolean {
    return othersEnd(match, seat) > seat.flushedEnd;
  }

  /** `delay`: so many frames later than everybody he is told what happened. */
  send(match: Match, seat: Seat, outbox: Outbox, now: number, delay = 0): void {
    const clock = match.clock(now) - delay;
    this.#limit = seat.watches ? toldEnd(match, clock, delay) : Infinity;
    // Before frame zero there is no frame to tell, and a wrong clock would mislead everybody for seconds.
    if (clock < 0) {
      seat.flushAt = now + match.frameMs;
      return;
    }
    const { tail } = seat;
    const before = outbox.postedBytes;
    this.#clock = clock;
    match.promise(Math.floor(clock));
    this.#partsLeft = PARTS_AT_ONCE;
    if (tail.far) tail.wake(seat.received, seat.roundTripMs, now);
    this.#post(match, seat, outbox, now);
    while (tail.goesOn) this.#post(match, seat, outbox, now);
    seat.quality.sentBytes += outbox.postedBytes - before;
    seat.flushedEnd = othersEnd(match, seat);
    seat.flushAt = Math.min(now + KEEPALIVE_FRAMES * match.frameMs, tail.nextAt);
  }

  /** One datagram: what he is owed of all others, as much as it holds. */
  #post(match: Match, seat: Seat, outbox: Outbox, now: number): void {
    const { inputs } = match;
    const { tail } = seat;
    const clock = this.#clock;
    const frame = Math.floor(clock);
    const before = outbox.postedBytes;
    const body = this.#body;
    body.seat = seat.watches ? 0 : seat.index;
    body.generation = seat.generation;
    body.clock = frame & 0xffff;
    body.ownEnd = seat.watches ? 0 : inputs.held(seat.index) - frame;
    body.timed = seat.owesEcho || now >= seat.timedAt;
    seat.sentNumber = (seat.sentNumber + 1) % NUMBERS;
    if (body.timed) time(body, match, seat, clock, now);
    body.rosterBegin = seat.rosterEnd;
    body.roster.count = 0;
    const rosterEnd = Math.min(match.roster.length, seat.rosterEnd + ROSTER_TOLD_MAX);
    for (let i = seat.rosterEnd; i < rosterEnd; i++) {
      Object.assign(append(body.roster, rosterEntry), match.roster[i]!);
    }
    body.runs.count = 0;
    tail.begin();
    for (let other = 0; other < inputs.seats; other++) {
      if (other === seat.index) {
        if (seat.replacedEnd > seat.received[other]!) this.#putVerdict(match, seat, frame);
        continue;
      }
      this.#putRun(match, seat, other, frame, now);
      if (this.#writers[other]!.marked > 0) this.#postParts(match, seat, other, outbox, now);
    }
    outbox.post(seat.peer, "frames", body);
    tail.posted(outbox.postedBytes - before, now);
  }

  /** Adds what a seat is owed of another's inputs. */
  #putRun(match: Match, seat: Seat, other: number, frame: number, now: number): void {
    const { inputs } = match;
    let end = Math.min(inputs.held(other), this.#limit);
    let received = seat.received[other]!;
    if (match.absences.length > 0) {
      received = match.resumeAt(other, received);
      end = Math.min(match.runEnd(other, received), this.#limit);
    }
    const writer = this.#writers[other]!;
    writer.marked = 0;
    if (received >= end) return;
    const { tail } = seat;
    const redundancy = seat.redundancy[other]!;
    const parts = seat.parts[other]!;
    const newest = tail.far ? tail.first(other, received) : redundancy.first(received, end, seat, now);
    const first = parts.first(received, newest);
    tail.lacks(end - received);
    if (tail.far && (first >= end || tail.holds(other, first))) return;
    const run = nextRun(this.#body.runs);
    run.seat = other;
    run.first = first - frame;
    // What lies before his beginning he does not hold: no base.
    writeRun(writer, inputs, other, received > seat.begin ? received : 0, first, end, run);
    parts.wrote(first, writer);
    if (tail.far) tail.sent(other, first, run.count, end);
    else redundancy.sent(first, first + run.count, now);
  }

  /** Tells him which of his own inputs were replaced: a bit for each frame that he does not know of yet. */
  #putVerdict({ inputs }: Match, { index, received, tail }: Seat, frame: number): void {
    const held = inputs.held(index);
    const first = tail.far ? tail.first(index, received[index]!) : received[index]!;
    const end = Math.min(held, first + RUN_FRAMES_MAX);
    tail.lacks(held - received[index]!);
    if (tail.far) tail.sent(index, first, end - first, held);
    const run = nextRun(this.#body.runs);
    run.seat = index;
    run.first = first - frame;
    run.base = 0;
    run.count = end - first;
    run.bits.bytes = this.#verdict.fill(0);
    run.bits.begin = 0;
    run.bits.end = (run.count + 7) >> 3;
    for (let i = 0; i < run.count; i++) {
      if (inputs.presenceAt(index, first + i) === PRESENCE_REPLACED) this.#verdict[i >> 3]! |= 1 << (i & 7);
    }
  }

  /** The parts go before the run that marks them, so that it finds them there. */
  #postParts({ inputs }: Match, seat: Seat, other: number, outbox: Outbox, now: number): void {
    const { copies, patienceMs } = seat.redundancy[other]!;
    const generation = seat.generation % GENERATIONS;
    const address = { outbox, to: seat.peer, generation, patienceMs, copies, most: this.#partsLeft };
    this.#partsLeft -= seat.parts[other]!.post(inputs, other, seat.received[other]!, address, now);
  }
}

function time(body: Body<"frames">, match: Match, seat: Seat, clock: number, now: number): void {
  const frame = Math.floor(clock);
  body.phase = Math.floor((clock - frame) * 256);
  body.shift = Math.round(match.shift * 256);
  body.echo = seat.sequence;
  body.held = seat.heldQuarters(now);
  body.loss = seat.path.arrivals.level;
  body.number = seat.sentNumber;
  body.stableEnd = match.stableEnd - frame;
  body.agreedEnd = match.agreement.agreedEnd - frame;
  seat.owesEcho = false;
  seat.timedAt = now + TIMED_MS;
}

/** Where a spectator's frames end: so long behind what is final, and when the match is over, behind where it would be now. */
export function toldEnd(match: Match, clock: number, delay: number): number {
  if (match.anyonePresent) return match.finalEnd - delay;
  return Math.min(match.finalEnd, Math.floor(clock));
}

/** The least that is held of the others who are present: 0 when nobody else is. */
function othersEnd(match: Match, seat: Seat): number {
  let end = Infinity;
  for (const other of match.seats) {
    if (other !== undefined && other !== seat && other.present) end = Math.min(end, match.inputs.held(other.index));
  }
  return end === Infinity ? 0 : end;
}
