// How long nothing was heard: tells when silence begins, when it ends, and when there is nobody left to wait for.
import type { PlayerEvent } from "../player-events.js";

/** Silence that is worth telling. */
const SILENCE_MS = 1000;

/** Silence after which the match is given up here, if no seat is kept for longer: it has long been dropped there. */
const LOST_MS = 65_000;

export class Silence {
  #lastHeard: number | undefined;
  #silent = false;

  /** Something came: tells so, if it had been told that it was silent. */
  heard(now: number): PlayerEvent | undefined {
    const event: PlayerEvent | undefined = this.#silent
      ? { type: "heard", silentMs: now - this.#lastHeard! }
      : undefined;
    this.#silent = false;
    this.#lastHeard = now;
    return event;
  }

  /** This machine slept: what came meanwhile is still in the carrier's queue. */
  slept(gapMs: number, now: number): void {
    if (this.#lastHeard !== undefined) this.#lastHeard = Math.min(now, this.#lastHeard + gapMs);
  }

  /** What the silence has come to; each "begins" is told once. */
  check(now: number, seatKeepSeconds: number): "begins" | "lost" | undefined {
    this.#lastHeard ??= now;
    const silentMs = now - this.#lastHeard;
    if (silentMs > Math.max(LOST_MS, 1000 * seatKeepSeconds)) return "lost";
    if (silentMs <= SILENCE_MS || this.#silent) return undefined;
    this.#silent = true;
    return "begins";
  }
}
