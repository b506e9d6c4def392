// What the ledger counts of one run, player by player, and what becomes of many runs.
import { SECONDS } from "./cells.js";

/** Counts of one run or, added up, of several. */
export class Tally {
  runs = 0;
  players = 0;
  /** Sent by all nodes. */
  bytes = 0;
  messages = 0;
  /** Of the mesh control: bytes of inputs in what was sent, before they were coded. */
  plain = 0;
  /** Frames confirmed by everybody, times the players. */
  confirmed = 0;
  /** Of all players: frames played for the first time, and how far ahead of the confirmed ones. */
  frames = 0;
  lag = 0;
  /** Steps in which somebody's window had run out. */
  stalls = 0;
  /** Steps after his first frame in which somebody played none, for whatever reason. */
  idle = 0;
  rollbacks = 0;
  resimulated = 0;
  /** Rollbacks by their depth. */
  readonly depths: number[] = new Array<number>(32).fill(0);

  /** One step of one player: frames that were new, the rollback before them, and where he stands now. */
  step(played: number, depth: number, ahead: number): void {
    if (depth > 0) {
      this.rollbacks += 1;
      this.resimulated += depth;
      this.depths[depth]! += 1;
    }
    if (played === 0) this.idle += 1;
    this.frames += played;
    // As fortress-rollback counts it, from the confirmed frame itself: 1 when nothing is open.
    this.lag += played * (ahead + 1);
  }

  add(other: Tally): void {
    for (const key of SUMS) this[key] += other[key];
    other.depths.forEach((count, depth) => {
      this.depths[depth]! += count;
    });
  }

  figures(): Figures {
    const { confirmed, runs, players } = this;
    const seconds = players * SECONDS;
    return {
      bytesPerFrame: this.bytes / confirmed,
      bytesPerSecond: this.bytes / seconds,
      plainPerFrame: this.plain / confirmed,
      messagesPerFrame: this.messages / confirmed,
      messagesPerSecond: this.messages / seconds,
      resimulatedPerFrame: this.resimulated / confirmed,
      rollbacksPer100: (100 * this.rollbacks) / this.frames,
      depth50: this.#depth(0.5),
      depth99: this.#depth(0.99),
      depthMost: Math.max(
        0,
        this.depths.findLastIndex((count) => count > 0),
      ),
      lag: this.lag / this.frames,
      stallsPerMinute: (60 * this.stalls) / seconds,
      idlePerMinute: (60 * this.idle) / seconds,
      confirmed: confirmed / players,
      runs,
    };
  }

  /** The depth that `share` of all rollbacks do not exceed. */
  #depth(share: number): number {
    let left = Math.ceil(share * this.rollbacks);
    for (let depth = 0; depth < this.depths.length; depth++) {
      left -= this.depths[depth]!;
      if (left <= 0) return depth;
    }
    return this.depths.length;
  }
}

const SUMS = [
  ...(["runs", "players", "bytes", "messages", "plain", "confirmed", "frames", "lag"] as const),
  ...(["stalls", "idle", "rollbacks", "resimulated"] as const),
];

/** A row of the ledger: means for one player, a minute or a second being of virtual time. */
export interface Figures {
  bytesPerFrame: number;
  bytesPerSecond: number;
  /** Of the mesh control: bytes of the inputs that it sends, as they are pressed, in as many copies. */
  plainPerFrame: number;
  messagesPerFrame: number;
  messagesPerSecond: number;
  /** For each confirmed frame. */
  resimulatedPerFrame: number;
  rollbacksPer100: number;
  depth50: number;
  depth99: number;
  depthMost: number;
  lag: number;
  stallsPerMinute: number;
  idlePerMinute: number;
  /** Frames confirmed in all steps. */
  confirmed: number;
  runs: number;
}
