// What time does to a match: this machine's sleep, deadlines that pass, and an input delay that is changed.
import { INPUT_DELAY_MAX } from "../../wire/limits.js";
import type { Body } from "../../wire/messages.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";
import { mayDrop } from "../succession/quorum.js";
import { Deadlines, delayNeeded } from "./deadline.js";
import { type DelayReason, DelayVotes } from "./input-delay.js";
import { anyoneHeard, Patience } from "./patience.js";
import { Wakefulness } from "./wakefulness.js";

/** From `frame` on, all seats' input delay is another one. */
export interface DelayEvent {
  type: "delay";
  frame: number;
  inputDelay: number;
  reason: DelayReason;
}

export class Timing {
  readonly #deadlines = new Deadlines();
  readonly #patience = new Patience();
  readonly #wakefulness = new Wakefulness();
  readonly #onEvent: (event: DelayEvent) => void;
  readonly #onSlept: (ms: number, now: number) => void;
  #votes: DelayVotes | undefined;

  constructor(onEvent: (event: DelayEvent) => void, onSlept: (ms: number, now: number) => void) {
    this.#onEvent = onEvent;
    this.#onSlept = onSlept;
  }

  /** Inputs that came too late and were replaced. */
  get replaced(): number {
    return this.#deadlines.replaced;
  }

  /** Called before anything else that happens at `now`. */
  wake(match: Match | undefined, now: number): void {
    const sleptMs = this.#wakefulness.wake(now);
    if (sleptMs > 0) {
      match?.slept(sleptMs, now);
      this.#onSlept(sleptMs, now);
    }
    if (match?.started === true) this.#patience.look(match, now);
  }

  /** The match has started: its paths may need another delay than it was opened with. */
  start(match: Match, now: number): void {
    this.#votes = new DelayVotes(match.seats.length);
    const { policy, autoDelay, predictionWindow } = match.config;
    const needed = policy === 1 || autoDelay === 1 ? delayNeeded(match, predictionWindow) : 0;
    if (needed <= match.inputDelay) return;
    this.#votes.change(match, Math.min(needed, INPUT_DELAY_MAX), now);
    for (const seat of match.seats) if (seat?.phase === "playing") neutralUntil(match, seat, match.inputDelay);
    this.#tell(match, policy === 1 ? "deadlines" : "measured");
  }

  /** Why nobody with this round trip can play by the deadlines of this match, with any input delay, if that is so. */
  tooFar(match: Match, tripMs: number | undefined): string | undefined {
    const { policy, predictionWindow } = match.config;
    if (policy === 0 || tripMs === undefined || delayNeeded(match, predictionWindow, tripMs) <= INPUT_DELAY_MAX)
      return undefined;
    // Those who play may be too far from each other by now: that is not for his sake.
    return delayNeeded(match, predictionWindow) > INPUT_DELAY_MAX ? undefined : tooLong(tripMs);
  }

  /**
   * Whether somebody with this round trip may play by the present deadlines. Else the input delay is raised, and he waits
   * until what all press comes by it: before that, the others' inputs would be late for him.
   */
  suits(match: Match, tripMs: number | undefined, now: number): boolean {
    const { policy, predictionWindow } = match.config;
    if (policy === 0) return true;
    if (tripMs === undefined) return false; // it will be known soon
    const needed = delayNeeded(match, predictionWindow, tripMs);
    if (needed <= match.inputDelay || needed > INPUT_DELAY_MAX) return match.delayHolds;
    this.#votes!.change(match, needed, now);
    this.#tell(match, "deadlines");
    return false;
  }

  /** The match goes on here: its delay is what it is. */
  resume(match: Match): void {
    this.#votes = new DelayVotes(match.seats.length);
  }

  /** Somebody wishes for another delay. */
  hear(seat: Seat, delay: Body<"delay">, now: number): void {
    this.#votes?.hear(seat, delay, now);
  }

  /** True when inputs were replaced, so that others are owed something. */
  tick(match: Match | undefined, now: number): boolean {
    this.wake(match, now);
    this.#wakefulness.tick(now);
    if (match?.started !== true) return false;
    if (match.config.policy === 1 && !anyoneHeard(match, now)) match.stand(now - this.#wakefulness.takenUntil);
    const reason = this.#votes?.tick(match, now);
    if (reason !== undefined) this.#tell(match, reason);
    return match.config.policy === 1 && this.#deadlines.tick(match, this.#wakefulness.takenUntil);
  }

  /** Whether the match goes on without him, who is waited for no longer. */
  forsakes(match: Match, seat: Seat, now: number): boolean {
    if (!this.#patience.runsOut(match, seat, now)) return false;
    if (mayDrop(match, seat, now)) return true;
    this.#patience.pardon(seat, now);
    return false;
  }

  #tell({ roster }: Match, reason: DelayReason): void {
    const { frame, value } = roster[roster.length - 1]!;
    this.#onEvent({ type: "delay", frame, inputDelay: value, reason });
  }
}

// Nothing can be pressed for the frames before the delay: everybody knows it without being told.
function neutralUntil({ inputs }: Match, seat: Seat, end: number): void {
  seat.neutralEnd = end;
  while (inputs.held(seat.index) < end) inputs.push(seat.index, NOTHING, 0, 0);
}

const NOTHING = new Uint8Array(0);

/** Who cannot play by the deadlines of this match, with any input delay, and what to tell him. */
export function tooFar(match: Match): { seat: Seat; text: string } | undefined {
  const { policy, predictionWindow } = match.config;
  if (policy === 0 || delayNeeded(match, predictionWindow) <= INPUT_DELAY_MAX) return undefined;
  const [seat] = match.seats.filter((one) => one !== undefined).sort((a, b) => b.roundTripMs - a.roundTripMs);
  return { seat: seat!, text: tooLong(seat!.roundTripMs) };
}

function tooLong(tripMs: number): string {
  return `Your round trip of ${Math.round(tripMs)} ms is too long for this match, which replaces late inputs: most of yours would be late. Use a nearer server or a better connection, or open a room that waits.`;
}
