// Leaving: a good-bye that nobody answers, or one that waits for the result of the match.
import { blank } from "../wire/messages.js";
import type { Outbox } from "../wire/outbox.js";

/** A good-bye is repeated, since nobody answers it. */
const BYES = 3;

/** Who waits for the result says so again this often, until it comes. */
const AGAIN_MS = 250;

/** So long is waited: for the others to finish as well, and for the server to sign. */
const WAIT_MS = 10_000;

/** So long everybody is waited for who lacks frames that were played before: three outages that nobody is dropped for. */
const STABLE_MS = 2000;

/** A player's `bye` of this reason asks for the result. */
const FOR_THE_RESULT = 2;

export class Leaving {
  #sayAt = -Infinity;
  #waitUntil: number | undefined;
  #finalFrame: number | undefined;
  #goUntil: number | undefined;

  /** He means to leave behind this frame, when everybody has what was played before it: his last inputs may be lost yet. */
  intend(frame: number): void {
    this.#finalFrame ??= frame;
  }

  /** Whether that is so: what all have ends at `stableEnd`. */
  mayGo(stableEnd: number, now: number): boolean {
    if (this.#finalFrame === undefined) return false;
    this.#goUntil ??= now + STABLE_MS;
    return stableEnd >= this.#finalFrame || now >= this.#goUntil;
  }

  goodbye(outbox: Outbox, to: number): void {
    for (let i = 0; i < BYES; i++) outbox.post(to, "bye", blank("bye"));
  }

  /** Asks for the result until it comes; false when it has taken too long. */
  wait(outbox: Outbox, to: number, now: number): boolean {
    this.#waitUntil ??= now + WAIT_MS;
    if (now >= this.#waitUntil) return false;
    if (now < this.#sayAt) return true;
    this.#sayAt = now + AGAIN_MS;
    const bye = blank("bye");
    bye.reason = FOR_THE_RESULT;
    outbox.post(to, "bye", bye);
    return true;
  }
}
