// How a match moves, seen from its frame number: standing still, catching up, and the rollbacks of the last moment.
import type { PlayerStats } from "../session/player-stats.js";

const WINDOW_MS = 500;
/** A match that runs is corrected by at most one percent; what is faster than this is catching up. */
const CATCHING_UP = 1.3;
const ROLLBACK_SHOWN_MS = 700;

export class Pace {
  readonly #framesPerSecond: number;
  #frame = -1;
  #movedAt: number | undefined;
  #windowFrame = 0;
  #windowAt = 0;
  #rate = 0;
  #rollback = 0;
  #rollbackAt = -Infinity;

  constructor(framesPerSecond: number) {
    this.#framesPerSecond = framesPerSecond;
  }

  /** To be called after each tick that has changed the present. */
  note({ rollback }: PlayerStats, now: number): void {
    if (rollback === 0 || (rollback < this.#rollback && now - this.#rollbackAt < ROLLBACK_SHOWN_MS)) return;
    this.#rollback = rollback;
    this.#rollbackAt = now;
  }

  /** To be called for each picture. */
  look({ frame }: PlayerStats, now: number): void {
    if (frame !== this.#frame || this.#movedAt === undefined) {
      this.#frame = frame;
      this.#movedAt = now;
    }
    const elapsed = now - this.#windowAt;
    if (elapsed < WINDOW_MS) return;
    // After a sleep of the page the rate would be that of a long time.
    this.#rate = elapsed < 4 * WINDOW_MS ? ((frame - this.#windowFrame) * 1000) / elapsed : 0;
    this.#windowFrame = frame;
    this.#windowAt = now;
  }

  stillMs(now: number): number {
    return this.#movedAt === undefined ? 0 : now - this.#movedAt;
  }

  get catchingUp(): boolean {
    return this.#rate > CATCHING_UP * this.#framesPerSecond;
  }

  rollback(now: number): number {
    return now - this.#rollbackAt < ROLLBACK_SHOWN_MS ? this.#rollback : 0;
  }
}
