// Where no server decides: who may be dropped or let in, so that two halves of a match never go on apart from each other.
import { Change } from "../../wire/stream.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

/**
 * Under `wait` no frame is confirmed without the inputs of all who are present, so a match parts only where somebody is
 * dropped. In a page a sequencer therefore drops a seat only while the others that it hears are more than half of all who
 * are present, and only once most of these know of the last seat that was dropped or joined: any two such majorities
 * share a member, and a member listens to one sequencer at a time (single-server changes: Ongaro's Raft, 4.1). Before the
 * start there is nothing to part.
 */
export function mayDrop(match: Match, seat: Seat, now: number): boolean {
  if (!match.members || !match.started) return true;
  let here = 0;
  let heard = 0;
  for (const other of match.seats) {
    if (!other?.present) continue;
    here += 1;
    if (other !== seat && isHeard(match, other, now)) heard += 1;
  }
  return 2 * heard > here && mayJoin(match);
}

/** Whether most of those who are present know of the last seat that was dropped or joined. */
export function mayJoin(match: Match): boolean {
  if (!match.members) return true;
  const last = match.roster.findLastIndex(({ change }) => change === Change.Dropped || change === Change.Joined);
  let here = 0;
  let told = 0;
  for (const seat of match.seats) {
    if (!seat?.present) continue;
    here += 1;
    if (seat.rosterEnd > last) told += 1;
  }
  return 2 * told > here;
}

/** Whether those who are heard are more than half of all who are present: else nothing can be decided. */
export function hasMajority(match: Match, withinMs: number, now: number): boolean {
  let here = 0;
  let heard = 0;
  for (const seat of match.seats) {
    if (!seat?.present) continue;
    here += 1;
    if (now - seat.lastHeardAt <= withinMs) heard += 1;
  }
  return 2 * heard > here;
}

function isHeard({ config }: Match, seat: Seat, now: number): boolean {
  return seat.phase === "playing" && seat.sequenceSeen && now - seat.lastHeardAt <= config.dropAfterMs;
}
