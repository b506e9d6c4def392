// What a member does about the sequencer: a table, and nothing else decides it.
import { assert } from "../assert.js";

/**
 *                   silence               most would              all is here
 *     following ------------> asking ------------------> claiming ------------> sequencing
 *         ^  ^ <---- heard -----/ ^  named, granted ------^   |                  |
 *         |  |                    |                           | in vain          | promises, hands over
 *         |  \---- taken          | silence                   v                  |
 *         |          |            \----------------------- promised <------------/
 *      entering <----+------- hears of a later epoch: from any
 *
 *   promised   hears nothing more of any epoch before a ballot, and waits for who has it; so from any that is claimed
 *   entering   there is a later epoch than ours: asks its sequencer how to go on in it
 */
const NEXT = {
  following: { silence: "asking", chosen: "claiming", promise: "promised", later: "entering", outside: "following" },
  asking: {
    heard: "following",
    chosen: "claiming",
    promise: "promised",
    later: "entering",
    taken: "following",
    outside: "following",
  },
  claiming: {
    complete: "sequencing",
    vain: "promised",
    chosen: "claiming",
    promise: "promised",
    later: "entering",
    outside: "following",
  },
  promised: {
    silence: "asking",
    chosen: "claiming",
    promise: "promised",
    later: "entering",
    taken: "following",
    outside: "following",
  },
  entering: {
    taken: "following",
    outside: "following",
    silence: "asking",
    chosen: "claiming",
    promise: "promised",
    later: "entering",
  },
  sequencing: { chosen: "claiming", promise: "promised", later: "entering", outside: "following" },
} as const;

export type Role = keyof typeof NEXT;
export type Cause =
  | "silence"
  | "heard"
  | "chosen"
  | "complete"
  | "vain"
  | "promise"
  | "later"
  | "taken"
  /** We are in no epoch but by a seat that is absent: we come in again, in whichever there is. */
  | "outside";

export function turned(role: Role, cause: Cause): Role {
  const next: Partial<Record<Cause, Role>> = NEXT[role];
  const then = next[cause];
  assert(then !== undefined, `a ${role} member does not turn by ${cause}`);
  return then;
}
