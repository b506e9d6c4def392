// The frame clock: where a player should be, from round trips; set at the start, then corrected by at most 1 %.

import { type ClockEvent, type ClockState, turned } from "./clock-state.js";

/** Samples older than this say nothing about the path of today. */
const SAMPLE_AGE_MS = 4000;
const BUCKETS = 16;
const BUCKET_MS = SAMPLE_AGE_MS / BUCKETS;

/** What two samples may contradict each other by: rounding, and the drift of bad clocks in four seconds. */
const JUMP_MS = 20;

/** Largest change of speed: nobody hears or feels one percent. */
const RATE_MAX = 0.01;

/** Errors up to this are corrected by speed; larger ones by holding or by several steps in one tick. */
const SMOOTH_FRAMES = 2;

/** A gap in which nothing lived: the machine slept, or the page was hidden. */
export const SLEEP_MS = 1000;

/** Frames left over from one tick to the next that are more than a tick makes up for: from there on we are behind. */
const BEHIND_FRAMES = 8;

/** Weight of a new round trip in the smoothed one (RFC 6298 uses the same eighth). */
const SMOOTHING = 1 / 8;

/** A link's smoothed round trip, in ms. */
export interface Path {
  readonly roundTripMs: number;
}

/** What the sequencer said half a round trip ago: its frame clock and shift, in 256ths of a frame. */
export interface ClockSample {
  clock256: number;
  shift256: number;
  roundTripMs: number;
}

/**
 *   base    the sequencer's time, in frames, minus ours: from the sample with the least round trip
 *   shift   how many frames the sequencer held its clock back in all
 *   target  the sequencer's frame clock at this moment = now / frameMs + base - shift
 */
export class FrameClock implements Path {
  readonly frameMs: number;
  readonly #bucketBegin = new Float64Array(BUCKETS).fill(-Infinity);
  readonly #bucketTrip = new Float64Array(BUCKETS);
  readonly #bucketBase = new Float64Array(BUCKETS);
  #base = 0;
  #baseTripMs = Infinity;
  #shift = 0;
  #renewed = false;
  #position = 0;
  #last = 0;
  state: ClockState = "probing";
  #turnedBy: ClockEvent | undefined;
  /** Smoothed round trip, in ms. */
  roundTripMs = 0;
  samples = 0;

  constructor(frameMs: number) {
    this.frameMs = frameMs;
  }

  /** True once a sample of the frame clock came: until then there is no target. */
  get set(): boolean {
    return this.state !== "probing";
  }

  /** A round trip measured without the frame clock (before the start). */
  trip(roundTripMs: number): void {
    this.roundTripMs =
      this.samples === 0 ? roundTripMs : this.roundTripMs + SMOOTHING * (roundTripMs - this.roundTripMs);
    this.samples += 1;
  }

  sample({ clock256, shift256, roundTripMs }: ClockSample, now: number): void {
    this.trip(roundTripMs);
    const shift = shift256 / 256;
    const base = clock256 / 256 + shift + (roundTripMs / 2 - now) / this.frameMs;
    if (this.#contradicts(base, roundTripMs) || this.#renewed) this.#bucketBegin.fill(-Infinity);
    if (this.#renewed) this.#shift = 0;
    this.#renewed = false;
    const interval = Math.floor(now / BUCKET_MS);
    const bucket = ((interval % BUCKETS) + BUCKETS) % BUCKETS; // a clock may well stand below zero
    const begin = interval * BUCKET_MS;
    if (this.#bucketBegin[bucket] !== begin || roundTripMs < this.#bucketTrip[bucket]!) {
      this.#bucketBegin[bucket] = begin;
      this.#bucketTrip[bucket] = roundTripMs;
      this.#bucketBase[bucket] = base;
    }
    let best = bucket;
    for (let i = 0; i < BUCKETS; i++) {
      const young = now - this.#bucketBegin[i]! < SAMPLE_AGE_MS;
      if (young && this.#bucketTrip[i]! < this.#bucketTrip[best]!) best = i;
    }
    this.#base = this.#bucketBase[best]!;
    this.#baseTripMs = this.#bucketTrip[best]!;
    this.#shift = Math.max(this.#shift, shift);
    if (this.set) return;
    this.#turn("set");
    this.#position = this.target(now);
    this.#last = now;
  }

  /** The sequencer is another one: its clock and shift count from the next sample on. Where we stand stays as it is. */
  renew(): void {
    this.#renewed = true;
  }

  /** Each base is wrong by half its round trip at most: two that differ by more are of clocks that were set in between. */
  #contradicts(base: number, roundTripMs: number): boolean {
    return Math.abs(base - this.#base) * this.frameMs > (roundTripMs + this.#baseTripMs) / 2 + JUMP_MS;
  }

  /** The sequencer's frame clock, as far as we know it. */
  target(now: number): number {
    return now / this.frameMs + this.#base - this.#shift;
  }

  /**
   * Moves the clock on to `now`; never beyond `end`, the first frame that may not be played. `frame` is the next one to
   * play. Returns the frame that the clock is in.
   */
  advance(now: number, end: number, frame: number): number {
    if (!this.set) return 0;
    const slept = now - this.#last > SLEEP_MS;
    const elapsed = Math.max(0, now - this.#last) / this.frameMs;
    this.#last = now;
    const wanted = this.target(now);
    const target = Math.min(wanted, end);
    const free = this.#position + elapsed;
    const error = target - free;
    if (error > SMOOTH_FRAMES) this.#position = target;
    else if (error >= -SMOOTH_FRAMES) {
      const most = RATE_MAX * elapsed;
      this.#position = free + Math.min(most, Math.max(-most, error));
    }
    // Further ahead than that: hold, until the target has caught up.
    else this.#position = Math.max(this.#position, target);
    this.#position = Math.min(this.#position, end);
    const present = Math.floor(this.#position);
    const held = wanted > end || error < -SMOOTH_FRAMES;
    this.#turn(slept ? "gap" : this.#event(held, present + 1 - frame - Math.ceil(elapsed)));
    return present;
  }

  // No arrow leads from where an event led by the same event: the table is asked when there is another one.
  #turn(event: ClockEvent): void {
    if (event === this.#turnedBy) return;
    this.#turnedBy = event;
    this.state = turned(this.state, event);
  }

  /** `overdue` frames were due before this time's began. */
  #event(held: boolean, overdue: number): ClockEvent {
    if (this.state === "asleep" || this.state === "catchingUp") return overdue <= 1 ? "level" : "behind";
    if (overdue > BEHIND_FRAMES) return "behind";
    return held ? "held" : "free";
  }

  /** Where the clock stands, in frames. */
  get position(): number {
    return this.#position;
  }
}
