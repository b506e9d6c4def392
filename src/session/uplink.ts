// A player's side of the stream: composes the `inputs` datagram of a frame, and reads the sequencer's `frames`.
import { unwrapFrame } from "../wire/frame.js";
import { RunReader, RunWriter } from "../wire/input-run.js";
import { absenceLead, inlineBytesMax, LINKS_MAX, REPORT_EVERY_FRAMES, RUN_BYTES_MAX } from "../wire/limits.js";
import { type Body, blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";
import { GENERATIONS, NUMBERS, nextReport, type RosterEntry, type SeatRun, toldTrip } from "../wire/stream.js";
import type { ClockSample, FrameClock } from "./clock/clock.js";
import type { Echo } from "./inputs/echo.js";
import { type FinalInputs, HISTORY_FRAMES } from "./inputs/final-inputs.js";
import { PartsIn } from "./inputs/parts-in.js";
import { PARTS_AT_ONCE, PartsOut } from "./inputs/parts-out.js";
import { CAREFUL_FRAMES, Redundancy } from "./inputs/redundancy.js";
import { Roster } from "./inputs/roster.js";
import { openRun, writeRun } from "./inputs/run.js";
import { PathMeter, TRAVEL_STEPS } from "./path/path-meter.js";
import type { RoundTrips } from "./path/round-trips.js";

/** Time between two datagrams that measure the path: twenty samples a second, of which the clock keeps the best. */
const TIMED_MS = 48;

/** Frames that anybody may be ahead of anybody: half the history, so that a delta base is always still held. */
const AHEAD_FRAMES_MAX = HISTORY_FRAMES / 2;

/** Frames that who only listens may hold beyond what he has played: the history, less any rollback. */
const IDLE_AHEAD_MAX = HISTORY_FRAMES - 64;

export interface UplinkOptions {
  inputs: FinalInputs;
  clock: FrameClock;
  trips: RoundTrips;
  /** Our seat; who looks on has one that does not exist. */
  own: number;
  generation: number;
  inputDelay: number;
  framesPerSecond: number;
  /** Where we come in, when not at frame zero with everybody. */
  base?: Base | undefined;
  /** Under `substitute`: what became of our own inputs. */
  echo?: Echo | undefined;
  onFinals: NewFinals;
  onRoster: (entry: RosterEntry) => void;
}

/** The frame at which somebody comes in later, and how many roster entries lie before it. */
export interface Base {
  frame: number;
  roster: number;
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
  readonly #roster: Roster;
  readonly #absenceLead: number;
  readonly #base: number;
  /** Our seat's inputs count: from frame zero on, or once the roster says that we joined. */
  #active: boolean;
  #redundancy: Redundancy;
  readonly #echo: Echo | undefined;
  readonly #onFinals: NewFinals;
  readonly #body = blank("inputs");
  readonly #writer: RunWriter;
  readonly #reader = new RunReader();
  readonly #partsOut = new PartsOut();
  readonly #partsIn: PartsIn;
  path: PathMeter = new PathMeter(NUMBERS);
  #timedAt = -Infinity;
  #acknowledged: number;
  #rosterTold: number;
  /** Chain values not told yet: frame and value in turn. Signed, since a number above 2^31 that is kept is garbage. */
  readonly #links = new Int32Array(2 * LINKS_MAX);
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
    this.#echo = options.echo;
    this.#onFinals = options.onFinals;
    const { inputs, own, base = ZERO, onFinals } = options;
    this.#base = base.frame;
    this.#active = options.base === undefined;
    this.#absenceLead = absenceLead(options.framesPerSecond);
    this.#roster = new Roster({
      ...{ inputs, own, generation: options.generation, base: base.frame, begin: base.roster, onFinals },
      onEntry: options.onRoster,
      onActive: (frame, end) => this.#activate(frame, end),
    });
    this.#rosterTold = base.roster;
    this.#acknowledged = options.inputDelay;
    this.#redundancy = new Redundancy(options.inputDelay, options.clock.frameMs);
    this.#writer = new RunWriter(RUN_BYTES_MAX, inlineBytesMax(options.inputs.seats));
    this.#partsIn = new PartsIn(options.inputs);
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

  /** Another sequencer has our inputs up to `end`, and wants the others again. */
  renew(end: number, now: number): void {
    this.#acknowledged = end;
    this.#redundancy = new Redundancy(end, this.#clock.frameMs);
    this.path = new PathMeter(NUMBERS);
    this.#timedAt = now;
  }

  /** The decisions that hold here. */
  get roster(): Roster {
    return this.#roster;
  }

  /** Whether our own inputs count. */
  get active(): boolean {
    return this.#active;
  }

  // Our first frames are neutral, and final: the sequencer could not wait for what we were to press in them.
  #activate(frame: number, end: number): void {
    const own = this.#own;
    while (this.#inputs.held(own) < end) this.#inputs.push(own, NEUTRAL, 0, 0);
    if (this.#echo !== undefined) this.#inputs.finish(end);
    this.#active = true;
    this.#acknowledged = this.#inputs.held(own);
    this.#redundancy = new Redundancy(this.#acknowledged, this.#clock.frameMs, CAREFUL_FRAMES);
    this.#onFinals(own, frame, this.#acknowledged);
  }

  /** The first frame that must not be played before the sequencer acknowledges more. */
  get reachEnd(): number {
    if (!this.#active) return Infinity;
    return this.#acknowledged + AHEAD_FRAMES_MAX;
  }

  /** Streams that our datagrams take in turn. */
  stripes = 1;

  /** Datagrams that carry each frame. */
  get redundancy(): number {
    return this.#redundancy.datagrams;
  }

  /** Posts this frame's datagram, and before it the parts of long inputs that it marks. */
  send(outbox: Outbox, to: number, now: number): void {
    const body = this.#compose(now);
    if (this.#active && this.#writer.marked > 0) {
      const { copies, patienceMs } = this.#redundancy;
      const address = { outbox, to, generation: this.#generation, patienceMs, copies, most: PARTS_AT_ONCE };
      this.#partsOut.post(this.#inputs, this.#own, this.#acknowledged, address, now);
    }
    outbox.post(to, "inputs", body);
  }

  #compose(now: number): Body<"inputs"> {
    const body = this.#body;
    const inputs = this.#inputs;
    const own = this.#own;
    const watching = own >= inputs.seats;
    const end = watching ? this.#base : inputs.held(own);
    body.seat = watching ? 0 : own;
    body.generation = this.#generation;
    body.timed = now >= this.#timedAt || this.#rosterTold !== this.#roster.end;
    if (body.timed) this.#time(body, now);
    else this.#trips.skip();
    if (this.#active) this.#writeOwn(body, end, now);
    else writeNone(body, end);
    body.received.count = 0;
    for (let seat = 0; seat < inputs.seats; seat++) {
      if (seat === own) continue;
      // Of an absent seat what was promised, too: so far it is confirmed here, and no further.
      body.received.items[body.received.count++] = inputs.end(seat) - end;
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

  #writeOwn(body: Body<"inputs">, end: number, now: number): void {
    const newest = this.#redundancy.first(this.#acknowledged, end, this.#clock, now);
    const first = this.#partsOut.first(this.#acknowledged, newest);
    body.first = first & 0xffff;
    writeRun(this.#writer, this.#inputs, this.#own, this.#acknowledged, first, end, body);
    this.#partsOut.wrote(first, this.#writer);
    this.#redundancy.sent(first, first + body.count, now);
  }

  #time(body: Body<"inputs">, now: number): void {
    body.sequence = this.#trips.stamp(now);
    body.roundTrip = this.#clock.samples === 0 ? 0 : toldTrip(this.#clock.roundTripMs);
    body.roster = this.#roster.end & 255;
    body.loss = this.path.arrivals.level;
    this.#rosterTold = this.#roster.end;
    this.#timedAt = now + TIMED_MS;
  }

  /** Reads the sequencer's datagram. Answers false when it is for another seat or generation. */
  read(frames: Body<"frames">, frame: number, now: number): boolean {
    const { seats } = this.#inputs;
    if (frames.seat !== (this.#own < seats ? this.#own : 0) || frames.generation !== this.#generation) return false;
    const clock = unwrapFrame(frames.clock, frame);
    this.path.arrivals.arrived();
    if (frames.timed) this.#readTime(frames, clock, now);
    // Before the runs, since a joined seat has no inputs before; and after them, since a seat leaves behind its last one.
    if (frames.roster.count > 0) this.#roster.read(frames);
    if (this.#active) this.#readOwn(frames, clock);
    const aheadEnd = this.#active ? this.#inputs.held(this.#own) + AHEAD_FRAMES_MAX : frame + IDLE_AHEAD_MAX;
    for (let i = 0; i < frames.runs.count; i++) this.#readRun(frames.runs.items[i]!, clock, aheadEnd);
    if (this.#roster.read(frames)) this.#inputs.promiseAbsent(clock + this.#absenceLead);
    return true;
  }

  #readOwn(frames: Body<"frames">, clock: number): void {
    const inputs = this.#inputs;
    let ownEnd = clock + frames.ownEnd;
    if (this.#echo !== undefined) {
      if (!this.#echo.read(frames, clock)) this.unusable += 1;
      ownEnd = inputs.end(this.#own);
    }
    if (ownEnd <= inputs.held(this.#own)) this.#acknowledged = Math.max(this.#acknowledged, ownEnd);
  }

  #readTime(frames: Body<"frames">, clock: number, now: number): void {
    const { path } = this;
    path.arrivals.numbered(frames.number);
    const sentMs = (clock + (frames.phase + frames.shift) / 256) * this.#clock.frameMs;
    path.travelled((TRAVEL_STEPS * (now - sentMs)) | 0);
    path.toldLoss = frames.loss;
    this.#redundancy.adapt(frames.loss, this.stripes);
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

  #readRun(run: SeatRun, clock: number, aheadEnd: number): void {
    const inputs = this.#inputs;
    const { seat } = run;
    const first = clock + run.first;
    if (seat === this.#own && this.#echo !== undefined) return;
    if (seat >= inputs.seats || seat === this.#own) {
      this.unusable += 1;
      return;
    }
    const held = inputs.held(seat);
    if (!openRun(this.#reader, inputs, seat, first, run) || first > held) {
      this.unusable += 1;
      return;
    }
    let waiting = false;
    for (let frame = first; !waiting && this.#reader.next(); frame++) {
      waiting = this.#reader.longLength > 0 && !this.#partsIn.supply(this.#reader, seat, frame);
      if (waiting || frame < held || frame >= inputs.leftAt(seat)) continue;
      if (frame >= aheadEnd) break; // the history would forget what is not played yet
      inputs.push(seat, this.#reader.bytes, 0, this.#reader.length, this.#reader.presence);
    }
    if (!waiting && !this.#reader.finished) this.unusable += 1;
    if (inputs.held(seat) > held) this.#onFinals(seat, held, inputs.held(seat));
  }

  /** Takes a part of another seat's long input: it counts as soon as a run marks it. */
  readPart(part: Body<"part">): void {
    const usable = part.generation === this.#generation && part.seat < this.#inputs.seats && part.seat !== this.#own;
    if (!usable || !this.#partsIn.take(part.seat, part)) this.unusable += 1;
  }
}

/** Nothing of our own: we are not in the match yet, or look on. */
function writeNone(body: Body<"inputs">, end: number): void {
  body.first = end & 0xffff;
  body.base = 0;
  body.count = 0;
  body.bits.begin = 0;
  body.bits.end = 0;
}

const NEUTRAL = new Uint8Array(0);
const ZERO: Base = { frame: 0, roster: 0 };
