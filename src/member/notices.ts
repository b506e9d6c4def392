// Notices: a member is told that what he says does not count here, and not for each of his datagrams.
import { blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";

/** Time between two notices to the same member, each of which answers many datagrams. */
const AGAIN_MS = 100;

export class Notices {
  readonly #outbox: Outbox;
  readonly #saidAt = new Map<number, number>();

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Says which epochs we hear no more. */
  say(to: number, promised: number, now: number): void {
    if (now - (this.#saidAt.get(to) ?? -Infinity) < AGAIN_MS) return;
    this.#saidAt.set(to, now);
    const notice = blank("notice");
    notice.promised = promised;
    this.#outbox.post(to, "notice", notice);
  }
}
