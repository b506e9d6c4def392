// The input delay of a match: who wishes for another one, and when it is changed, at a frame that all know before.

import { COMFORT } from "../../session/path/advice.js";
import { INPUT_DELAY_MAX } from "../../wire/limits.js";
import type { Body } from "../../wire/messages.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";
import { delayNeeded, tripFrames } from "./deadline.js";

/** Time between two changes: a delay that wanders is worse than one that is a frame off. */
const CHANGE_MS = 3000;

/** For so long a shorter delay must do before it is chosen, and a longer one be needed: no pause of a player lasts in his round trip. */
const LOWER_MS = 8000;
const RAISE_MS = 1000;

/** Time between two looks at what is advised. */
const LOOK_MS = 250;

/** What was advised is forgotten after this: it is told every half second. */
const ADVICE_MS = 2000;

/** Beside the slowest path, time for an announcement to be repeated until everybody has it. */
const ANNOUNCE_MS = 150;

/** `asked`: by a player; `measured`: by autoDelay; `deadlines`: paths as long as these need it. */
export type DelayReason = "asked" | "measured" | "deadlines";

interface Vote {
  inputDelay: number;
  at: number;
}

export class DelayVotes {
  readonly #advised: Vote[];
  #asked: Vote | undefined;
  /** What was asked for when the delay was changed last. */
  #answered: number | undefined;
  #changedAt = -Infinity;
  #lowerSince = 0;
  #raiseSince = 0;
  #lookAt = 0;

  constructor(seats: number) {
    this.#advised = Array.from({ length: seats }, () => ({ inputDelay: 0, at: -Infinity }));
  }

  hear(seat: Seat, { inputDelay, asked }: Body<"delay">, now: number): void {
    // What was asked for and has just been answered: this was under way meanwhile.
    const answered = now - this.#changedAt < CHANGE_MS && inputDelay === this.#answered;
    if (asked === 1) this.#asked = answered ? this.#asked : { inputDelay, at: now };
    else Object.assign(this.#advised[seat.index]!, { inputDelay, at: now });
  }

  /** Whether it is time for another delay; then `change` makes it so. */
  tick(match: Match, now: number): DelayReason | undefined {
    if (now - this.#changedAt < CHANGE_MS) return undefined;
    if (this.#asked !== undefined) {
      // Told again whatever it is: whoever asked is answered.
      const { inputDelay } = this.#asked;
      this.change(match, granted(match, inputDelay), now);
      this.#answered = inputDelay;
      return "asked";
    }
    if (match.config.autoDelay === 0 || now < this.#lookAt) return undefined;
    this.#lookAt = now + LOOK_MS;
    const wanted = this.#wanted(match, now);
    if (wanted === undefined || wanted >= match.inputDelay) this.#lowerSince = now;
    if (wanted === undefined || wanted <= match.inputDelay) this.#raiseSince = now;
    if (wanted === undefined || wanted === match.inputDelay) return undefined;
    const since = wanted < match.inputDelay ? this.#lowerSince + LOWER_MS : this.#raiseSince + RAISE_MS;
    if (now < since) return undefined;
    this.change(match, wanted, now);
    return "measured";
  }

  /**
   * What the player with the longest wish wants; never below what the match was opened with or its deadlines need, nor
   * above what its round trips explain: measurements are wild while everybody waits.
   */
  #wanted(match: Match, now: number): number | undefined {
    const { config, seats } = match;
    let most: number | undefined;
    for (const seat of seats) {
      if (seat?.phase !== "playing") continue;
      const { inputDelay, at } = this.#advised[seat.index]!;
      if (now - at <= ADVICE_MS) most = Math.max(most ?? 0, inputDelay);
    }
    if (most === undefined) return undefined;
    const needed = delayNeeded(match, config.predictionWindow);
    const least = Math.max(config.inputDelay, config.policy === 1 ? needed : 0);
    const explained = delayNeeded(match, Math.floor(COMFORT * config.predictionWindow));
    return Math.min(INPUT_DELAY_MAX, Math.max(least, Math.min(most, explained)));
  }

  /** Announces another delay, from a frame on that everybody knows of before he plays it. */
  change(match: Match, inputDelay: number, now: number): void {
    const slowest = Math.max(0, ...match.seats.map((seat) => seat?.roundTripMs ?? 0));
    const clock = match.clock(now);
    const frame = clock < 0 ? 0 : Math.ceil(clock + (slowest + ANNOUNCE_MS) / match.frameMs);
    match.delay(frame, inputDelay);
    this.#asked = undefined;
    this.#answered = undefined;
    this.#changedAt = now;
  }
}

/**
 * Nobody lowers the delay below what the paths need: one player's wish would make all of them stall in every frame, or
 * their inputs be replaced. Raising it costs nobody anything but the time.
 */
function granted(match: Match, asked: number): number {
  const { policy, predictionWindow } = match.config;
  const needed = policy === 1 ? delayNeeded(match, predictionWindow) : Math.ceil(tripFrames(match)) - predictionWindow;
  return Math.max(asked, Math.min(needed, match.inputDelay));
}
