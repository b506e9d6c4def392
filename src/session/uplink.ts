// A player's side of the stream: composes the `inputs` datagram of a frame, and reads the sequencer's `frames`.
import { unwrapFrame } from "../wire/frame.js";
import { RunReader, RunWriter } from "../wire/input-run.js";
import { LINKS_MAX, REPORT_EVERY_FRAMES, RUN_BYTES_MAX } from "../wire/limits.js";
import { type Body, blank } from "../wire/messages.js";
import { GENERATIONS, nextReport, type RosterEntry, type SeatRun } from "../wire/stream.js";
import type { ClockSample, FrameClock } from "./clock.js";
import { type FinalInputs, HISTORY_FRAMES } from "./final-inputs.js";
import { Redundancy } from "./redundancy.js";
import type { RoundTrips } from "./round-trips.js";
import { openRun, writeRun } from "./run.js";

/** Round trips are told in steps of 4 ms, so that a byte reaches past a second. */
const TRIP_STEP_MS = 4;

/** Time between two datagrams that measure the path: twenty samples a second, of which the clock keeps the best. */
const TIMED_MS = 48;

/** Frames that anybody may be ahead of anybody: half the history, so that a delta base is always still held. */
const AHEAD_FRAMES_MAX = HISTORY_FRAMES / 2;

export interface UplinkOptions {
  inputs: FinalInputs;
  clock: FrameClock;
  trips: RoundTrips;
  own: number;
  generation: number;
  inputDelay: number;
  onFinals: NewFinals;
  onRoster: (entry: RosterEntry) => void;
}

/** What became known of one seat: final inputs of the frames [begin, end). */
export type NewFinals = (seat: number, begin: number, end: number) => void;

export class Uplink {
  readonly #inputs: FinalInputs;
  readonly #clock: FrameClock;
  readonly #trips: RoundTrips;
  /** Filled again for each sample: a number that is passed on would be garbage. */
  readonly #sample: ClockSample = { clock256: 0, shift256: 0, roundTripMs: 0 };
  readonly #own: number;
  readonly #generation: number;
  readonly #redundancy: Redundancy;
  readonly #onFinals: NewFinals;
  readonly #onRoster: (entry: RosterEntry) => void;
  readonly #body = blank("inputs");
  readonly #writer = new RunWriter(RUN_BYTES_MAX);
  readonly #reader = new RunReader();
  #timedAt = -Infinity;
  #acknowledged: number;
  #rosterEnd = 0;
  #rosterTold = 0;
  /** Chain values not told yet: frame and value in turn. */
  readonly #links = new Uint32Array(2 * LINKS_MAX);
  #linksEnd = 0;
  stableEnd = 0;
  agreedEnd = 0;
  /** Parts of datagrams that could not be used: an unknown base, malformed bits, a gap. */
  unusable = 0;

  constructor(options: UplinkOptions) {
    this.#inputs = options.inputs;
    this.#clock = options.clock;
    this.#trips = options.trips;
    this.#own = options.own;
    this.#generation = options.generation % GENERATIONS;
    this.#onFinals = options.onFinals;
    this.#onRoster = options.onRoster;
    this.#acknowledged = options.inputDelay;
    this.#redundancy = new Redundancy(options.inputDelay);
    this.#body.bits.bytes = this.#writer.bytes;
  }

  /**
   * A new value of the hash chain. Each aligned one is told once: after a burst several at a time, or two players
   * whose bursts alternate would never report the same frame.
   */
  link(end: number, value: number): void {
    if (end % REPORT_EVERY_FRAMES !== 0) return;
    if (this.#linksEnd === this.#links.length) {
      this.#links.copyWithin(0, 2); // the oldest is forgotten
      this.#linksEnd -= 2;
    }
    this.#links[this.#linksEnd++] = end;
    this.#links[this.#linksEnd++] = value;
  }

  /** The first frame that must not be played before the sequencer acknowledges more. */
  get reachEnd(): number {
    return this.#acknowledged + AHEAD_FRAMES_MAX;
  }

  compose(now: number): Body<"inputs"> {
    const body = this.#body;
    const inputs = this.#inputs;
    const own = this.#own;
    const end = inputs.held(own);
    body.seat = own;
    body.generation = this.#generation;
    body.timed = now >= this.#timedAt || this.#rosterTold !== this.#rosterEnd;
    if (body.timed) this.#time(body, now);
    const first = this.#redundancy.first(this.#acknowledged, this.#clock, now);
    body.first = first & 0xffff;
    writeRun(this.#writer, inputs, own, this.#acknowledged, first, end, body);
    this.#redundancy.sent(first, first + body.count, now);
    body.received.count = 0;
    for (let seat = 0; seat < inputs.seats; seat++) {
      if (seat === own) continue;
      body.received.items[body.received.count++] = inputs.held(seat) - end;
    }
    body.chain.count = 0;
    for (let i = 0; i < this.#linksEnd; i += 2) {
      const report = nextReport(body.chain);
      report.frame = this.#links[i]! & 0xffff;
      report.value = this.#links[i + 1]!;
    }
    this.#linksEnd = 0;
    return body;
  }

  #time(body: Body<"inputs">, now: number): void {
    body.sequence = this.#trips.stamp(now);
    body.roundTrip = Math.min(255, Math.round(this.#clock.roundTripMs / TRIP_STEP_MS));
    body.roster = this.#rosterEnd & 255;
    this.#rosterTold = this.#rosterEnd;
    this.#timedAt = now + TIMED_MS;
  }

  /** Reads the sequencer's datagram. Answers false when it is for another seat or generation. */
  read(frames: Body<"frames">, frame: number, now: number): boolean {
    if (frames.seat !== this.#own || frames.generation !== this.#generation) return false;
    const clock = unwrapFrame(frames.clock, frame);
    if (frames.timed) this.#readTime(frames, clock, now);
    const ownEnd = clock + frames.ownEnd;
    if (ownEnd <= this.#inputs.held(this.#own)) this.#acknowledged = Math.max(this.#acknowledged, ownEnd);
    for (let i = 0; i < frames.runs.count; i++) this.#readRun(frames.runs.items[i]!, clock);
    // After the runs, since a seat can only leave behind its last final input.
    for (let i = 0; i < frames.roster.count; i++) {
      if (frames.rosterBegin + i === (this.#rosterEnd & 255)) this.#readRoster(frames.roster.items[i]!);
    }
    return true;
  }

  #readTime(frames: Body<"frames">, clock: number, now: number): void {
    if (this.#trips.closes(frames.echo, frames.held)) {
      const sample = this.#sample;
      sample.clock256 = 256 * clock + frames.phase;
      sample.shift256 = frames.shift;
      sample.roundTripMs = this.#trips.ms(frames.echo, frames.held, now);
      this.#clock.sample(sample, now);
    }
    this.stableEnd = Math.max(this.stableEnd, clock + frames.stableEnd);
    this.agreedEnd = Math.max(this.agreedEnd, clock + frames.agreedEnd);
  }

  #readRun(run: SeatRun, clock: number): void {
    const inputs = this.#inputs;
    const { seat } = run;
    const first = clock + run.first;
    if (seat >= inputs.seats || seat === this.#own) {
      this.unusable += 1;
      return;
    }
    const held = inputs.held(seat);
    if (!openRun(this.#reader, inputs, seat, first, run) || first > held) {
      this.unusable += 1;
      return;
    }
    for (let frame = first; this.#reader.next(); frame++) {
      if (frame < held || frame >= inputs.leftAt(seat)) continue;
      if (frame >= inputs.held(this.#own) + AHEAD_FRAMES_MAX) break; // the history would forget what is not played yet
      inputs.push(seat, this.#reader.bytes, 0, this.#reader.length);
    }
    if (!this.#reader.finished) this.unusable += 1;
    if (inputs.held(seat) > held) this.#onFinals(seat, held, inputs.held(seat));
  }

  #readRoster(entry: RosterEntry): void {
    const inputs = this.#inputs;
    // Our own seat may be ahead of the frame from which the sequencer counts it absent: then we are out of the match.
    if (entry.seat === this.#own) {
      this.#onRoster(entry);
      return;
    }
    const left = entry.seat < inputs.seats && inputs.leftAt(entry.seat) !== Infinity;
    if (entry.seat >= inputs.seats || left || inputs.held(entry.seat) > entry.frame) {
      this.unusable += 1;
      return;
    }
    this.#rosterEnd += 1;
    inputs.leave(entry.seat, entry.frame);
    this.#onRoster(entry);
    this.#onFinals(entry.seat, entry.frame, Infinity);
  }
}
