// Whether those who look on change the match of those who play: the same schedule is played without them.
import { MESSAGES } from "../../src/wire/messages.js";
import { mayHaveSlept } from "./departures.js";
import { type PlayerPlan, type Schedule, seatsOf, type Trouble } from "./schedule.js";
import type { World } from "./world.js";

/** From then on a match of sixty frames a second is too old to be played from its beginning. */
const OLD_MS = 14_000;

/** The same players in a match in which nobody goes, and in time as many come to look on: to an authority, or to none. */
export function crowded(schedule: Schedule, authority: boolean): Schedule {
  const { policy: _, autoDelay: __, startWith: ___, ...steady } = unwatched(schedule);
  const seats = steady.players.length;
  const guests = steady.players.map((plan, i): PlayerPlan => ({ ...plan, dice: 100 + i, watches: true }));
  const late = guests.map((_, i): Trouble => {
    return { kind: "pause", at: 0, until: OLD_MS + 100 * i, player: seats + i };
  });
  const players = [...steady.players, ...guests];
  return { ...steady, authority, dropAfterMs: 60_000, frames: 1000, fault: undefined, players, troubles: late };
}

/** What two runs of a match are compared by, and what may well make them differ. */
export interface Played {
  /** Digests of what the players confirmed of the scheduled frames, and of that with when, and at what cost to them. */
  hashes: string;
  figures: string;
  /** A player sent his state over his own line, for whoever came in: other datagrams meet another fate there. */
  donated: boolean;
  /** A seat was played again, from a frame that nobody was promised, who looks on among them. */
  cameIn: boolean;
  /** What is pressed depends on when: somebody went, slept, was replaced or pressed for other frames. */
  byTheClock: boolean;
}

export function circumstances(world: World): Pick<Played, "donated" | "cameIn" | "byTheClock"> {
  const { departures, config, schedule, match, donated } = world;
  const seats = match.players.slice(0, seatsOf(schedule));
  const moved = departures.delays.length > 0 || departures.everAway.size > 0;
  return {
    donated: donated.any,
    cameIn: departures.stableBefore.size > 0,
    byTheClock:
      moved || config.autoDelay === 1 || config.policy === 1 || seats.some(({ index }) => mayHaveSlept(world, index)),
  };
}

/** A donor says with this message what he keeps for who comes in. */
export function isDonation(direction: "up" | "down", bytes: Uint8Array): boolean {
  return direction === "up" && bytes[0] === MESSAGES.kept.code;
}

/** The same schedule with nobody looking on. */
export function unwatched(schedule: Schedule): Schedule {
  const seats = seatsOf(schedule);
  return {
    ...schedule,
    players: schedule.players.slice(0, seats),
    troubles: schedule.troubles.filter((trouble) => !("player" in trouble) || trouble.player < seats),
  };
}

/**
 * How the players' match differs from what it is when nobody looks on; undefined when it does not. Who looks on may ask a
 * player for his state, no more. Where nobody was asked each frame is played when it was played, at the same cost in
 * rollbacks, stalls and bytes; where somebody was, the same is pressed in the same frames, so every hash is the same.
 */
export function influence(alone: Played | undefined, watched: Played | undefined): string | undefined {
  if (alone === undefined || watched === undefined) return "one of them came to no end";
  const same = !watched.donated && !alone.cameIn;
  if (same && alone.figures !== watched.figures) return "other figures";
  if (!alone.byTheClock && alone.hashes !== watched.hashes) return "other hashes";
  return undefined;
}
