// How good a player's path is: figures to show and to decide by, kept in place, and the moments when they change for people.
import { PREDICTION_WINDOW_MAX } from "../../wire/limits.js";
import type { Running } from "../running.js";
import { rollbackDepthMax } from "../timeline/timeline.js";
import { Growth, Least, SPELL_MS } from "./spells.js";

export interface Quality {
  /** Mean difference between two datagrams' times of travel (RFC 3550, 6.4.1), in ms. */
  jitterMs: number;
  /** Shares of the last five to ten seconds' datagrams that were lost; up as far as the sequencer tells, in eight steps. */
  lossUp: number;
  lossDown: number;
  /** Of the last second, without what carriers add. */
  bytesPerSecondUp: number;
  bytesPerSecondDown: number;
  /** The least time by which others' inputs came before we would have had to wait for them, of the last second or two. */
  marginMs: number;
  /** Share of the last second in which nothing could be played. */
  stalledShare: number;
  /** Datagrams that carry each of our inputs: follows the measured loss. */
  redundancy: number;
  /** How many rollbacks went back by so many frames. */
  depths: Uint32Array;
  /** 1: nothing is lost, late or waited for; 0: unplayable. */
  stability: number;
}

/** What made a match feel worse, or no longer does. */
export type QualityReason = "loss" | "jitter" | "stalls";

export interface QualityChange {
  type: "quality";
  change: "worse" | "better";
  reason: QualityReason;
}

export function blankQuality(): Quality {
  return {
    jitterMs: 0,
    lossUp: 0,
    lossDown: 0,
    bytesPerSecondUp: 0,
    bytesPerSecondDown: 0,
    marginMs: 0,
    stalledShare: 0,
    redundancy: 0,
    depths: new Uint32Array(rollbackDepthMax(PREDICTION_WINDOW_MAX) + 1),
    stability: 1,
  };
}

/** A share of loss that people notice as jumps, and one that nobody does. */
const LOSS = { worse: 0.04, better: 0.015 };

/** The same of jitter, in frames. */
const JITTER = { worse: 2, better: 1 };

/** The same of time spent waiting. */
const STALLS = { worse: 0.02, better: 0.005 };

/** Spells in a row before anything is said: bad ones, and good ones, so that a fickle path is not told all the time. */
const WORSE_SPELLS = 2;
const BETTER_SPELLS = 5;

/**
 *   good --two bad spells--> poor
 *     ^------five good ones---/
 */
const NEXT = {
  good: { change: "worse", spells: WORSE_SPELLS, state: "poor" },
  poor: { change: "better", spells: BETTER_SPELLS, state: "good" },
} as const;

export class QualityMeter {
  readonly #quality: Quality;
  readonly #margin = new Least();
  readonly #up = new Growth();
  readonly #down = new Growth();
  readonly #stalls = new Growth();
  #state: keyof typeof NEXT = "good";
  #reason: QualityReason = "loss";
  #spells = 0;
  #judgeAt = -Infinity;
  #change: QualityChange | undefined;

  /** Writes into `quality`. */
  constructor(quality: Quality) {
    this.#quality = quality;
  }

  /** At each tick. */
  measure(running: Running, totals: Totals, now: number): void {
    const { timeline, clock, uplink } = running;
    const quality = this.#quality;
    if (totals.depth > 0) quality.depths[totals.depth]! += 1;
    this.#margin.note(((timeline.windowEnd - clock.position) * clock.frameMs) | 0, now); // whole: a fraction is garbage
    quality.marginMs = this.#margin.value;
    if (now < this.#judgeAt) return;
    this.#judgeAt = now + SPELL_MS;
    this.#up.note(totals.sentBytes, now);
    this.#down.note(totals.receivedBytes, now);
    this.#stalls.note(totals.stalledMs, now);
    quality.bytesPerSecondUp = this.#up.perSecond;
    quality.bytesPerSecondDown = this.#down.perSecond;
    quality.stalledShare = Math.min(1, this.#stalls.perSecond / 1000);
    quality.jitterMs = uplink.path.jitterMs;
    quality.lossUp = uplink.path.lossOut;
    quality.lossDown = uplink.path.arrivals.share;
    quality.redundancy = uplink.redundancy;
    quality.stability = stability(quality, clock.frameMs);
    this.#judge(clock.frameMs);
  }

  /** What has to be told, once. */
  take(): QualityChange | undefined {
    const change = this.#change;
    this.#change = undefined;
    return change;
  }

  #judge(frameMs: number): void {
    const { change, spells, state } = NEXT[this.#state];
    const reason = beyond(this.#quality, frameMs, change);
    if (reason !== undefined) this.#reason = reason;
    const turns = (reason !== undefined) === (change === "worse");
    this.#spells = turns ? this.#spells + 1 : 0;
    if (this.#spells < spells) return;
    this.#spells = 0;
    this.#state = state;
    this.#change = { type: "quality", change, reason: this.#reason };
  }
}

/** Of the whole match so far, but for `depth`: how many frames this tick rolled back. */
export interface Totals {
  sentBytes: number;
  receivedBytes: number;
  stalledMs: number;
  depth: number;
}

/** The first thing that is beyond its limit. */
function beyond(quality: Quality, frameMs: number, limit: "worse" | "better"): QualityReason | undefined {
  if (quality.stalledShare > STALLS[limit]) return "stalls";
  if (Math.max(quality.lossUp, quality.lossDown) > LOSS[limit]) return "loss";
  if (quality.jitterMs > JITTER[limit] * frameMs) return "jitter";
  return undefined;
}

/** The share of time that was played, of datagrams that came, and of a frame that jitter leaves. */
function stability({ stalledShare, lossUp, lossDown, jitterMs }: Quality, frameMs: number): number {
  return (1 - stalledShare) * (1 - lossUp) * (1 - lossDown) * (frameMs / (frameMs + jitterMs));
}
