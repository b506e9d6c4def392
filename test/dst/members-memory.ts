// What heaps up in a page of a match without a server, at most.
import { untilOf } from "./members-schedule.js";
import type { MembersWorld } from "./members-world.js";

/** Datagrams that wait for each other page at once, and events to be told: a vote says all that is held, to everybody. */
const WAITING_EACH = 64;

/** Datagrams to each other page in a frame, at most on average: one to or from the sequencer, and as many of a vote. */
const EACH_FRAME = 2;

// What waits to be sent or told follows from how long it was not taken, never from the length of the match.
export function memory({ match, config, schedule }: MembersWorld): string[] {
  const undrained = schedule.troubles.filter(({ kind }) => kind === "undrained");
  const undrainedMs = undrained.reduce((sum, trouble) => sum + untilOf(trouble) - trouble.at, 0);
  const frames = Math.ceil((undrainedMs * config.framesPerSecond) / 1000);
  const waiting = (match.members.length - 1) * (WAITING_EACH + EACH_FRAME * frames);
  const found: string[] = [];
  for (const { seat, most } of match.members) {
    if (most.datagrams > waiting) found.push(`page ${seat} had ${most.datagrams} datagrams waiting, not ${waiting}`);
    if (most.events > WAITING_EACH) found.push(`page ${seat} had ${most.events} events waiting, not ${WAITING_EACH}`);
  }
  return found;
}
