// Notices: a member is told that what he says does not count here, and not for each of his datagrams.
import { blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";

/** Time between two notices to the same member, each of which answers many datagrams. */
const AGAIN_MS = 100;

export interface NoticesParts {
  outbox: Outbox;
  own: number;
  seats: number;
  /** No epoch before this one is heard any more. */
  promised: () => number;
}

export class Notices {
  readonly #parts: NoticesParts;
  readonly #saidAt = new Map<number, number>();

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  /** Says which epochs we hear no more. */
  say(to: number, now: number): void {
    if (now - (this.#saidAt.get(to) ?? -Infinity) < AGAIN_MS) return;
    this.#saidAt.set(to, now);
    const notice = blank("notice");
    notice.promised = this.#parts.promised();
    this.#parts.outbox.post(to, "notice", notice);
  }

  /** Asks all others where the match goes on: who knows of a later epoch says so. */
  inquire(now: number): void {
    for (let seat = 0; seat < this.#parts.seats; seat++) if (seat !== this.#parts.own) this.say(seat, now);
  }
}
