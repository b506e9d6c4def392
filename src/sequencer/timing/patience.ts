// For whom a match waits no longer: who is silent, who sends no input or too few, who cannot follow. But for nobody's sake.
import { HISTORY_FRAMES } from "../../session/inputs/final-inputs.js";
import { SEATS_MAX } from "../../wire/limits.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

/**
 * Who plays at a quarter of the pace or faster is waited for as long as he likes: his machine may need 44 ms for a frame
 * of 16, and roll back besides. Slower than that nobody plays, whether he can't or does not want to.
 */
const SLOWEST = 4;

/** Where the window is shorter than a path, the path sets the pace, and a frame may be lost once on its way. */
const TRIPS = 2;

/** His round trip is what he says it is: a longer one than this nobody needs to believe. No game is played well on it. */
const TRIP_MS_MAX = 300;

/**
 * Frames that a seat may lie behind what is final: what he lacks must still be in the history, and the others go on only as
 * far as that. Further back he is dropped, to come back by snapshot. Under `wait` nobody gets there who plays: his window
 * would have stopped him, and the others with him; but somebody may send inputs and never say what he has.
 */
const BEHIND_FRAMES_MAX = HISTORY_FRAMES / 2 - 64;

/**
 * What is waited for a seat adds up, and every frame that is confirmed pays some of it back: so one input now and then
 * does not undo all the waiting before it, and whoever holds the match to less than its slowest pace comes to the limit.
 *
 *   waited  |    /|     /|  /     the limit: dropAfterMs
 *           |   / |    / | /
 *           |  /  |   /  |/       up while the frame clock stands and he holds the least of all,
 *           | /   |  /            down with every frame that is confirmed
 *           +/----|_/---------> time
 */
export class Patience {
  /** By seat, in ms, whoever sits there: nobody gets new patience by leaving and coming back. */
  readonly #waitedMs: Float64Array = new Float64Array(SEATS_MAX);
  /** The match's, at the last look. */
  #waited = 0;
  #confirmed = 0;
  /** When nobody was heard last. */
  #unheardAt = -Infinity;

  /** Called before anything that happens at `now`: what was waited until then was waited for those whose turn it was. */
  look(match: Match, now: number): void {
    match.clock(now);
    const frames = match.confirmed - this.#confirmed;
    this.#confirmed = match.confirmed;
    if (frames > 0) this.#payBack(match, frames);
    if (match.waited === this.#waited) return;
    const ms = (match.waited - this.#waited) * match.frameMs;
    this.#waited = match.waited;
    if (!anyoneAhead(match) || !anyoneHeard(match, now)) return;
    for (const seat of match.seats) if (isLast(match, seat)) this.#waitedMs[seat.index]! += ms;
  }

  #payBack({ seats, config, inputDelay, frameMs }: Match, frames: number): void {
    for (let seat = 0; seat < seats.length; seat++) {
      const waitedMs = this.#waitedMs[seat]!;
      if (waitedMs === 0) continue;
      const underWay = config.predictionWindow + inputDelay + 1;
      const tripMs = (TRIPS * Math.min(seats[seat]?.roundTripMs ?? 0, TRIP_MS_MAX)) / underWay;
      // A frame that comes in time takes its own time, and nobody waits for it.
      const paidMs = frames * (Math.max(SLOWEST * frameMs, tripMs) - frameMs);
      this.#waitedMs[seat] = Math.max(0, waitedMs - paidMs);
    }
  }

  /** Whether the match has waited for him for long enough. Asked at each tick for each seat: it notes who gets on. */
  runsOut(match: Match, seat: Seat, now: number): boolean {
    return this.#isOver(match, seat, now) || isBehind(match, seat);
  }

  #isOver(match: Match, seat: Seat, now: number): boolean {
    const { dropAfterMs, seatKeepSeconds } = match.config;
    if (anyoneHeard(match, now)) {
      // Of those whose common line was cut one is heard first, and the others are not late for that.
      const silentMs = now - Math.max(seat.lastHeardAt, this.#unheardAt);
      return silentMs > dropAfterMs || holdsUp(match, seat, now) || this.#waitedMs[seat.index]! > dropAfterMs;
    }
    this.#unheardAt = now;
    seat.progressAt = now;
    return now - seat.lastHeardAt > dropAfterMs + 1000 * seatKeepSeconds;
  }

  /** Nobody may be dropped now: what is waited is not for his sake. */
  pardon(seat: Seat, now: number): void {
    seat.progressAt = now;
    this.#waitedMs[seat.index] = 0;
  }
}

/**
 * Whether anybody who plays, or is coming in, was heard within half of the time that silence is suffered. Where nobody was,
 * the trouble is rather ours or their common line's: nobody waits for anybody, so nobody is dropped and time stands still,
 * as long as seats are kept. Half, so that those who fall silent together are never dropped one by one.
 */
export function anyoneHeard({ seats, config }: Match, now: number): boolean {
  for (const seat of seats) {
    const here = seat !== undefined && seat.phase !== "gone";
    if (here && 2 * (now - seat.lastHeardAt) <= config.dropAfterMs) return true;
  }
  return false;
}

/** Whether he lies so far behind that the others would have to wait for him. */
function isBehind(match: Match, seat: Seat): boolean {
  return seat.phase === "playing" && match.finalEnd - match.heldBy(seat) > BEHIND_FRAMES_MAX;
}

/**
 * Whether all wait for his inputs, and he talks but sends none, for as long as silence would be suffered. Under `wait` what
 * is waited adds up to the same, a window later; under `substitute` nobody waits, and only this sees him.
 */
function holdsUp({ inputs, config }: Match, seat: Seat, now: number): boolean {
  const held = inputs.held(seat.index);
  // Who waits himself makes no progress either, and is not to blame for it.
  const waitedFor = held === inputs.confirmedEnd && inputs.confirmedEndWithout(seat.index) > held;
  if (seat.phase !== "playing" || !waitedFor) seat.progressAt = now;
  return now - seat.progressAt > config.dropAfterMs;
}

/** Whether he plays, and no frame is confirmed before his next input comes. Who waits himself is further ahead. */
function isLast({ inputs }: Match, seat: Seat | undefined): seat is Seat {
  return seat?.phase === "playing" && inputs.held(seat.index) === inputs.confirmedEnd;
}

/** Whether anybody has sent more than all have. */
function anyoneAhead(match: Match): boolean {
  for (const seat of match.seats) if (seat?.phase === "playing" && !isLast(match, seat)) return true;
  return false;
}
