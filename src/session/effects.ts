// The game's events, told once: rollbacks that emit the same event again are silent, those that take one back say so.
import type { Simulation } from "../simulation/simulation.js";

/** An event of the game. `bytes` is one record: class u16, size u16, fields. */
export interface Effect {
  frame: number;
  /** "cancelled": a rollback showed that it never happened; stop its sound, fade its spark. */
  change: "happened" | "cancelled";
  bytes: Uint8Array;
}

const RECORD_HEADER_BYTES = 4;

export class Effects {
  readonly #simulation: Simulation;
  /** What each recent frame emitted when it was last played. */
  readonly #told: Uint8Array[];
  #pending: Effect[] = [];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#told = new Array<Uint8Array>(simulation.slots).fill(NOTHING);
  }

  /** Looks at what the step of `frame` just emitted. */
  record(frame: number, resimulated: boolean): void {
    const slot = frame % this.#told.length;
    const before = resimulated ? this.#told[slot]! : NOTHING;
    const end = this.#simulation.eventsEnd;
    if (end === before.length && sameBytes(this.#simulation.events, before)) {
      this.#told[slot] = before;
      return;
    }
    const after = this.#simulation.events.slice(0, end);
    this.#told[slot] = after;
    for (const bytes of without(before, after)) this.#pending.push({ frame, change: "cancelled", bytes });
    for (const bytes of without(after, before)) this.#pending.push({ frame, change: "happened", bytes });
  }

  /** All that is new since the last call, oldest first. */
  take(): Effect[] {
    if (this.#pending.length === 0) return NONE;
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }
}

const NOTHING = new Uint8Array(0);
const NONE: Effect[] = [];

function sameBytes(region: Uint8Array, told: Uint8Array): boolean {
  for (let i = 0; i < told.length; i++) if (region[i] !== told[i]) return false;
  return true;
}

function records(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at + RECORD_HEADER_BYTES <= bytes.length; ) {
    const size = bytes[at + 2]! | (bytes[at + 3]! << 8);
    found.push(bytes.subarray(at, at + RECORD_HEADER_BYTES + size));
    at += RECORD_HEADER_BYTES + size;
  }
  return found;
}

/** The records of `all` that are not in `known`, each counted as often as it stands there. */
function without(all: Uint8Array, known: Uint8Array): Uint8Array[] {
  const left = records(known);
  return records(all).filter((record) => {
    const at = left.findIndex((other) => other.length === record.length && sameBytes(other, record));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
