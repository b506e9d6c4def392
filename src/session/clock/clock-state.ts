// What a player's frame clock is doing, as a table: nothing else decides it.

/**
 *                 set             held
 *     probing ---------> running ------> clamped
 *                         |  ^   <------  |
 *                  behind |  |     free   | behind
 *                         v  | level      |
 *                      catchingUp <-------/
 *
 *     gap: from any but probing to asleep;  level: from asleep to running
 *
 *   probing      no sample yet: there is no target
 *   running      within two frames of the target: corrected by at most 1 % of speed
 *   clamped      held: at the window's end, or until a target that fell back has caught up
 *   catchingUp   frames are due that are not played yet: several steps in one tick
 *   asleep       the same after a gap in which nothing lived; nobody pressed anything in the frames that were missed
 */
const NEXT = {
  probing: { set: "running" },
  running: { held: "clamped", behind: "catchingUp", gap: "asleep" },
  clamped: { free: "running", behind: "catchingUp", gap: "asleep" },
  catchingUp: { level: "running", gap: "asleep" },
  asleep: { level: "running" },
} as const;

export type ClockState = keyof typeof NEXT;
export type ClockEvent = "set" | "held" | "free" | "behind" | "level" | "gap";

/** The state after an event; where the table has no arrow for it, the same. */
export function turned(state: ClockState, event: ClockEvent): ClockState {
  const next: Partial<Record<ClockEvent, ClockState>> = NEXT[state];
  return next[event] ?? state;
}

/** What a person may want to know: that somebody falls behind or slept, and that he is back. Being held is a stall. */
export interface ClockChange {
  type: "clock";
  state: "running" | "catchingUp" | "asleep";
}

/** The same state for whom being held is none of its own. */
export function toldState(state: ClockState): ClockChange["state"] {
  return state === "asleep" || state === "catchingUp" ? state : "running";
}
