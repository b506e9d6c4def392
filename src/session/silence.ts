// How long nothing was heard: tells when silence begins, when it ends, and when there is nobody left to wait for.

/** Silence that is worth telling. */
const SILENCE_MS = 1000;

/** Silence after which the match is given up here: the seat has long been dropped there. */
const LOST_MS = 65_000;

export class Silence {
  #lastHeard: number | undefined;
  #silent = false;

  /** Something came. Answers how long it had been silent, if that had been told. */
  heard(now: number): number | undefined {
    const silentMs = this.#silent ? now - this.#lastHeard! : undefined;
    this.#silent = false;
    this.#lastHeard = now;
    return silentMs;
  }

  /** This machine slept: what came meanwhile is still in the carrier's queue. */
  slept(gapMs: number, now: number): void {
    if (this.#lastHeard !== undefined) this.#lastHeard = Math.min(now, this.#lastHeard + gapMs);
  }

  /** What the silence has come to; each "begins" is told once. */
  check(now: number): "begins" | "lost" | undefined {
    this.#lastHeard ??= now;
    const silentMs = now - this.#lastHeard;
    if (silentMs > LOST_MS) return "lost";
    if (silentMs <= SILENCE_MS || this.#silent) return undefined;
    this.#silent = true;
    return "begins";
  }
}
