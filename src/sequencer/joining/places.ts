// Which seat somebody gets who says hello while the match runs: the one he had, one that is free, or none, and why.
import { type Body, Refusal } from "../../wire/messages.js";
import { Change } from "../../wire/stream.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

export type Place =
  /** He plays there, or is about to: on a new carrier, as it seems. */
  | { kind: "his"; seat: Seat }
  /** The seat is absent, and he comes in with a snapshot. `lost`: he plays there, but lost what he knew of the match. */
  | { kind: "comes"; index: number; lost: Seat | undefined }
  | { kind: "refused"; reason: number; text: string };

export const OVER = "This match is over. Start a new one.";

/**
 * `known`: the seat of his token. It is that seat's alone: nobody else comes in by it, and a seat that somebody else took since does not know it any more.
 * Seats that were left, never taken, or not come back to are free to anybody where the match says that it can be played
 * by fewer (`startWith`): it is one that people come to and leave.
 */
export function placeOf(match: Match, hello: Body<"hello">, known: Seat | undefined, peer: number, now: number): Place {
  if (!match.anyonePresent) return refused(Refusal.Gone, OVER);
  if (known !== undefined) return known.phase === "gone" ? back(match, known, now) : his(match, known, hello, peer);
  const index = match.config.startWith > 0 ? freeSeat(match, peer, now) : -1;
  if (index >= 0) return { kind: "comes", index, lost: undefined };
  return refused(Refusal.Full, `This room is full: all ${match.seats.length} seats are taken. Open another room.`);
}

function freeSeat(match: Match, peer: number, now: number): number {
  if (!match.members) return match.seats.findIndex((other) => free(match, other, now));
  return peer < match.seats.length && free(match, match.seats[peer], now) ? peer : -1;
}

function his(match: Match, seat: Seat, hello: Body<"hello">, peer: number): Place {
  // After a hand-over: he plays, as all know, and has nothing to go on with.
  if (seat.phase === "awaited") return { kind: "comes", index: seat.index, lost: seat };
  const played = seat.heardEnd > seat.neutralEnd;
  const lost = seat.phase === "playing" && hello.rejoin === 0 && (match.members || seat.peer !== peer) && played;
  return lost ? { kind: "comes", index: seat.index, lost: seat } : { kind: "his", seat };
}

function back(match: Match, seat: Seat, now: number): Place {
  if (seat.left === Change.Left) return refused(Refusal.Gone, "You left this match. Start a new one.");
  const { seatKeepSeconds } = match.config;
  if (kept(match, seat, now)) return { kind: "comes", index: seat.index, lost: undefined };
  return refused(
    Refusal.Gone,
    `Your seat was kept for ${seatKeepSeconds} seconds, and is not any longer. Start a new match.`,
  );
}

function kept(match: Match, seat: Seat, now: number): boolean {
  return seat.left === Change.Dropped && now - seat.goneAt <= 1000 * match.config.seatKeepSeconds;
}

function free(match: Match, seat: Seat | undefined, now: number): boolean {
  return seat === undefined || (seat.phase === "gone" && !kept(match, seat, now));
}

function refused(reason: number, text: string): Place {
  return { kind: "refused", reason, text };
}
