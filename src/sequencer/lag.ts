// How far somebody is behind, by what he has not said he has.
import type { Match } from "./match.js";
import type { Seat } from "./seat.js";

/** Frames of a seat that is played, the oldest of which he has not said he has. */
export function lagFrames(match: Match, seat: Seat): number {
  const { inputs } = match;
  let lag = 0;
  for (let other = 0; other < inputs.seats; other++) {
    const received = match.resumeAt(other, seat.received[other]!);
    if (other !== seat.index && inputs.leftAt(other) > received) lag = Math.max(lag, inputs.held(other) - received);
  }
  return lag;
}

/** Frames that he lacks of those before `told`. */
export function lacks(match: Match, seat: Seat, told: number): number {
  let most = 0;
  for (let other = 0; other < match.inputs.seats; other++) {
    const end = Math.min(match.inputs.held(other), told);
    most = Math.max(most, end - match.resumeAt(other, seat.received[other]!));
  }
  return most;
}
