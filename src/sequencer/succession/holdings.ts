// What a member of the match brings along into a new epoch: whether he can go on with it as he is, and where he stands then.
import { Redundancy } from "../../session/inputs/redundancy.js";
import { Change, generationOf, type RosterEntry } from "../../wire/stream.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

/** Frames and entries as in the message `promise`. */
export interface Holdings {
  generation: number;
  begin: number;
  rosterEnd: number;
  /** The newest entries that he read, the last of which is the one before `rosterEnd`. */
  tail: readonly RosterEntry[];
  absentEnd: number;
  held: readonly number[];
}

/** Takes a member in who is awaited; false when he knows things that are not so in this match, or too little. */
export function takeIn(match: Match, seat: Seat, holdings: Holdings, now: number): boolean {
  const rosterEnd = nearestEntry(holdings.rosterEnd, match.roster.length);
  if (!knowsHimself(match, seat, holdings)) return false;
  if (!knowsLog(match, holdings, rosterEnd) || !knowsAbsent(match, holdings, rosterEnd)) return false;
  for (let other = 0; other < match.seats.length; other++) {
    if (other !== seat.index && !knowsInputs(match, other, holdings, rosterEnd)) return false;
  }
  settle(match, seat, holdings, rosterEnd);
  seat.lastHeardAt = now;
  seat.play(now);
  match.updateStable();
  return true;
}

/** Who came with a snapshot counts the log from the low eight bits of where it began for him. */
export function nearestEntry(told: number, known: number): number {
  return known + (((told - known) << 24) >> 24);
}

/** He is the one who plays there. */
function knowsHimself({ roster }: Match, { index }: Seat, { generation }: Holdings): boolean {
  const joined = roster.findLast(({ seat, change }) => seat === index && change === Change.Joined);
  return joined === undefined || generationOf(joined) === (generation & 255);
}

/** The entries that he read are ours, as far as both can tell. */
function knowsLog({ roster, rosterBegin }: Match, { tail }: Holdings, rosterEnd: number): boolean {
  if (rosterEnd > roster.length || rosterEnd < rosterBegin) return false;
  return tail.every((his, i) => {
    const place = rosterEnd - tail.length + i;
    const ours = roster[place];
    if (place < rosterBegin || ours === undefined) return true;
    return ours.seat === his.seat && ours.frame === his.frame && ours.change === his.change && ours.value === his.value;
  });
}

/** Nobody joined a seat at a frame for which he may have taken it for absent. */
function knowsAbsent({ roster }: Match, { absentEnd }: Holdings, rosterEnd: number): boolean {
  return roster.slice(rosterEnd).every(({ change, frame }) => change !== Change.Joined || frame >= absentEnd);
}

/** He holds nothing of this seat that is not final, and lacks nothing that is forgotten. */
function knowsInputs(match: Match, other: number, { held }: Holdings, rosterEnd: number): boolean {
  const { inputs, roster } = match;
  const his = held[other]!;
  if (inputs.leftAt(other) === 0) return true; // nobody had taken it, whether he has heard so or not
  const departure = roster.findLastIndex(({ seat, change }) => seat === other && change !== Change.Delay);
  if (inputs.leftAt(other) < Infinity && departure < rosterEnd) return true;
  return his <= inputs.held(other) && match.resumeAt(other, his) >= inputs.begin(other);
}

function settle(match: Match, seat: Seat, { generation, begin, held, absentEnd }: Holdings, rosterEnd: number): void {
  const { inputs, roster } = match;
  seat.generation = generation;
  seat.enter(begin, rosterEnd, match);
  for (let other = 0; other < match.seats.length; other++) {
    const departure = roster.findLastIndex((entry) => entry.seat === other && entry.change !== Change.Delay);
    const absent = inputs.leftAt(other) < Infinity && departure < rosterEnd;
    const end = other === seat.index ? inputs.held(other) : absent ? absentEnd : held[other]!;
    seat.received[other] = Math.min(end, match.knownEnd(other));
    seat.redundancy[other] = new Redundancy(seat.received[other]!, match.frameMs);
  }
  seat.heardEnd = inputs.held(seat.index);
}
