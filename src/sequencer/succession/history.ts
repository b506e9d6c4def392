// A match that another sequencer began: what its successor knows of it, and the match that is made of that.
import type { FinalInputs } from "../../session/inputs/final-inputs.js";
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import { Change, generationOf, type RosterEntry } from "../../wire/stream.js";
import type { Room } from "../joining/admission.js";
import type { Match } from "../match.js";
import { Seat } from "../seat.js";

export interface History {
  room: Room;
  /** When it is taken over, and the frame in which its clock stands then. */
  at: number;
  clock: number;
  /** The successor's own: all final inputs that any member of the new view holds. */
  inputs: FinalInputs;
  /** The log of decisions, from entry `rosterBegin` on; and what held before it, where that is not the beginning. */
  roster: readonly RosterEntry[];
  rosterBegin: number;
  before: { absent: number; delay: number } | undefined;
  /** The most that anybody was promised, holds, or agreed on. */
  promisedEnd: number;
  stableEnd: number;
  agreedEnd: number;
  /** The seat whose page sequenced before, if nobody knows where it is, and when it was heard last. */
  vanished: { seat: number; heardAt: number } | undefined;
}

/** The first frame whose inputs the new match holds: all that is held of everybody who plays. */
export function baseOf({ inputs }: History): number {
  let base = inputs.base;
  for (let seat = 0; seat < inputs.seats; seat++) {
    if (inputs.leftAt(seat) === Infinity) base = Math.max(base, inputs.begin(seat));
  }
  return base;
}

/** Makes a fresh match, whose inputs begin at `baseOf`, go on where the history ends. Nobody has been heard in it yet. */
export function resume(match: Match, history: History): void {
  match.start(history.at - history.clock * match.frameMs);
  for (let seat = 0; seat < match.seats.length; seat++) copyInputs(match.inputs, history.inputs, seat);
  for (const entry of [...entriesBefore(history), ...history.roster]) write(match, entry);
  vacateUntold(match, history);
  match.rosterBegin = history.rosterBegin;
  match.promisedEnd = Math.max(match.promisedEnd, history.promisedEnd);
  match.stableFrom(history.stableEnd);
  match.agreement.agreedEnd = history.agreedEnd;
  match.confirmed = match.finalEnd;
  for (let seat = 0; seat < match.seats.length; seat++) match.seats[seat] = seatOf(match, seat, history);
}

function copyInputs(to: FinalInputs, from: FinalInputs, seat: number): void {
  const leftAt = from.leftAt(seat);
  if (leftAt <= to.base) {
    to.vacate(seat);
    return;
  }
  const cell = seat * from.cellBytes + CELL_HEADER_BYTES;
  for (let frame = to.held(seat); frame < from.held(seat); frame++) {
    const presence = from.presenceAt(seat, frame);
    to.push(seat, from.recordOf(seat, frame), cell, from.lengthAt(seat, frame), presence);
  }
  if (leftAt < Infinity) to.leave(seat, leftAt);
}

/** What stood in the log before the part that we hold came to this; it was as long, and only its end is ever told. */
function entriesBefore({ rosterBegin, before }: History): RosterEntry[] {
  const entries: RosterEntry[] = [];
  if (before === undefined) return entries;
  for (let seat = 0; seat < 32; seat++) {
    if ((before.absent >>> seat) & 1) entries.push({ seat, frame: 0, change: Change.Dropped, value: 0 });
  }
  while (entries.length < rosterBegin) entries.push({ seat: 0, frame: 0, change: Change.Delay, value: before.delay });
  return entries.slice(0, rosterBegin);
}

/** The log begins with the seats that nobody had taken, in their order; who heard of the start knows of these without it. */
function vacateUntold(match: Match, { inputs, rosterBegin }: History): void {
  if (rosterBegin > 0) return;
  for (let seat = 0; seat < inputs.seats; seat++) {
    const told = match.roster.some((entry) => entry.seat === seat && entry.change !== Change.Delay);
    if (inputs.leftAt(seat) === 0 && !told) match.vacate(seat);
  }
}

function write(match: Match, entry: RosterEntry): void {
  const { seat, frame, change } = entry;
  if (change === Change.Delay) {
    match.delayed(entry);
    return;
  }
  if (change === Change.Joined) {
    const left = match.roster.findLast((other) => other.seat === seat && other.change !== Change.Delay);
    match.absences.push({ seat, begin: left?.frame ?? 0, end: frame });
  } else if (change === Change.Left && frame === 0) match.vacant |= 1 << seat;
  match.roster.push({ ...entry });
}

/** Who plays is awaited, until he is heard; who was dropped may come back; a seat that nobody ever took is free. */
function seatOf(match: Match, index: number, { at, stableEnd, vanished }: History): Seat | undefined {
  const { config, frameMs, inputs, roster } = match;
  const { inputDelay, players } = config;
  const last = roster.findLast(({ seat, change }) => seat === index && change !== Change.Delay);
  if (last?.change === Change.Left && last.frame === 0) return undefined;
  const joined = roster.findLast(({ seat, change }) => seat === index && change === Change.Joined);
  const generation = joined === undefined ? 0 : generationOf(joined);
  const who = { index, peer: index, token: String(index), generation };
  const seat = new Seat({ ...who, seats: players, inputDelay, frameMs, now: at });
  if (inputs.leftAt(index) < Infinity) {
    seat.phase = "gone";
    seat.left = last?.change ?? Change.Dropped;
    seat.goneAt = at;
  } else {
    seat.phase = "awaited";
    if (vanished?.seat === index) seat.lastHeardAt = vanished.heardAt;
    seat.received.fill(stableEnd);
  }
  return seat;
}
