// For whom a match waits no longer: who is silent, who talks and sends no input, who cannot follow. But for nobody's sake.
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

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

/** Whether the match has waited for him for long enough. */
export function waitedEnough(match: Match, seat: Seat, now: number): boolean {
  const { dropAfterMs, seatKeepSeconds } = match.config;
  const silentMs = now - seat.lastHeardAt;
  if (anyoneHeard(match, now)) return silentMs > dropAfterMs || holdsUp(match, seat, now);
  seat.progressAt = now;
  return silentMs > dropAfterMs + 1000 * seatKeepSeconds;
}

/** Whether all wait for his inputs, and he talks but sends none, for as long as silence would be suffered. */
function holdsUp({ inputs, config }: Match, seat: Seat, now: number): boolean {
  const held = inputs.held(seat.index);
  // Who waits himself makes no progress either, and is not to blame for it.
  const waitedFor = held === inputs.confirmedEnd && inputs.confirmedEndWithout(seat.index) > held;
  if (seat.phase !== "playing" || !waitedFor) seat.progressAt = now;
  return now - seat.progressAt > config.dropAfterMs;
}
