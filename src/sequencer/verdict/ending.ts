// How a match ends: good-byes to those who are out, and the result for those who waited for it.
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { SignedResult } from "../../wire/result.js";
import { Change } from "../../wire/stream.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

/** Time between two good-byes to somebody who is out and still talks. */
const FAREWELL_MS = 200;

/** What a match came to, as the authority played it. */
export interface Outcome {
  /** Frames played, and the XXH3-64 of the state after the last of them. */
  frames: number;
  state: string;
  /** The first frame without each seat that was taken. */
  left: { seat: number; frame: number; dropped: number }[];
}

/** Undefined until all have left and the authority has played what they played. */
export function outcomeOf(match: Match): Outcome | undefined {
  const { authority, confirmed, roster } = match;
  const over = match.started && !match.anyonePresent && confirmed === match.finalEnd;
  if (!over || authority === undefined || authority.frame !== confirmed) return undefined;
  const left: Outcome["left"] = [];
  for (const { index } of match.seats.filter((seat) => seat !== undefined)) {
    const last = roster.findLast((entry) => entry.seat === index && isDeparture(entry.change));
    if (last !== undefined)
      left.push({ seat: index, frame: last.frame, dropped: last.change === Change.Dropped ? 1 : 0 });
  }
  return { frames: confirmed, state: authority.stateHash(), left };
}

function isDeparture(change: number): boolean {
  return change === Change.Left || change === Change.Dropped;
}

export class Ending {
  readonly #waiting = new Set<Seat>();
  /** False once it is known what those who wait are told. */
  #open: boolean;
  #result: Body<"result"> | undefined;

  /** `announced`: a result will be, so whoever waits for it hears no good-bye before. */
  constructor(announced: boolean) {
    this.#open = announced;
  }

  /** He leaves, and wants to know how it ends. */
  wait(seat: Seat): void {
    this.#waiting.add(seat);
  }

  /** The result, or that there is none. */
  announce(result: SignedResult | undefined): void {
    this.#open = false;
    this.#result = result && Object.assign(blank("result"), result);
  }

  /** Somebody who is out still talks: he waits for the result, or he does not know it yet. */
  answer(match: Match, seat: Seat, outbox: Outbox, now: number): void {
    const waits = this.#waiting.has(seat);
    if (now < seat.flushAt || (waits && this.#open)) return;
    seat.flushAt = now + FAREWELL_MS;
    if (waits && this.#result !== undefined) {
      outbox.post(seat.peer, "result", this.#result);
      return;
    }
    const bye = blank("bye");
    // Who fell silent while he came in was not in the match, and may come in again.
    const maySit = !seat.watches && match.anyonePresent;
    bye.reason = seat.left === Change.Dropped || (seat.left === undefined && maySit) ? 1 : 2;
    outbox.post(seat.peer, "bye", bye);
  }
}
