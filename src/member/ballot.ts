// Numbers of epochs: each belongs to one seat, so that two candidates never claim the same one.
import { EPOCH_MAX } from "../wire/limits.js";

/**
 *   epoch = counter * seats + seat        of four seats, 0 1 2 3 are of seats 0 1 2 3, and so are 4 5 6 7
 *
 * (Lamport's ballots: Paxos Made Simple, 2.2.)
 */
export function seatOf(epoch: number, seats: number): number {
  return epoch % seats;
}

/** The first epoch of a seat above `epoch`; undefined where numbers end. */
export function nextEpoch(seat: number, seats: number, epoch: number): number | undefined {
  const next = (Math.floor(epoch / seats) + (seat > epoch % seats ? 0 : 1)) * seats + seat;
  return next <= EPOCH_MAX ? next : undefined;
}

/** How far a seat is behind another one, around the table: 0 for the next one. */
export function rankAfter(seat: number, other: number, seats: number): number {
  return (seat - other - 1 + seats) % seats;
}
