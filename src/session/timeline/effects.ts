// The game's events, told once: rollbacks that emit the same event again are silent, those that take one back say so.
import type { Simulation } from "../../simulation/simulation.js";

/** An event of the game. `bytes` is one record: class u16, size u16, fields. */
export interface Effect {
  frame: number;
  /** "cancelled": a rollback showed that it never happened; stop its sound, fade its spark. */
  change: "happened" | "cancelled";
  bytes: Uint8Array;
}

/** Before each event of the game: its kind and its length. */
const RECORD_HEADER_BYTES = 4;

/** Before each pending record: its frame (u32), whether it was cancelled (u8), three bytes of nothing. */
const PENDING_HEADER_BYTES = 8;

/** Records side by side: bytes [begin, end). Filled again for each step, so that hearing one makes no garbage. */
interface Records {
  bytes: Uint8Array;
  begin: number;
  end: number;
}

/**
 * What was told lies in a ring of bytes, what is to be told in a buffer that only grows; objects are made when they are
 * taken.
 */
export class Effects {
  readonly #simulation: Simulation;
  readonly #frames: number;
  /** What each recent frame emitted when it was last played: `frames` rows of as many bytes as the game's events have. */
  readonly #told: Uint8Array;
  readonly #toldEnd: Int32Array;
  readonly #before: Records;
  readonly #after: Records;
  #pending = new Uint8Array(1024);
  #pendingEnd = 0;
  #hushed = false;

  /** `frames`: how far back a rollback can go. */
  constructor(simulation: Simulation, frames: number) {
    this.#simulation = simulation;
    this.#frames = frames;
    this.#told = new Uint8Array(frames * simulation.events.length);
    this.#toldEnd = new Int32Array(frames);
    this.#before = { bytes: this.#told, begin: 0, end: 0 };
    this.#after = { bytes: simulation.events, begin: 0, end: 0 };
  }

  /** Looks at what the step of `frame` just emitted. */
  record(frame: number, resimulated: boolean): void {
    const slot = frame % this.#frames;
    const { events, eventsEnd } = this.#simulation;
    const before = this.#before;
    const after = this.#after;
    before.begin = slot * events.length;
    before.end = before.begin + (resimulated ? this.#toldEnd[slot]! : 0);
    after.end = eventsEnd;
    this.#toldEnd[slot] = eventsEnd;
    if (eventsEnd === before.end - before.begin && same(events, 0, before.bytes, before.begin, eventsEnd)) return;
    if (!this.#hushed) {
      this.#tellSurplus(frame, "cancelled", before, after);
      this.#tellSurplus(frame, "happened", after, before);
    }
    for (let i = 0; i < eventsEnd; i++) before.bytes[before.begin + i] = events[i]!;
  }

  /** What is played in `run` is another past than anybody here has seen: nothing is told of it. */
  hush(run: () => void): void {
    this.#hushed = true;
    run();
    this.#hushed = false;
  }

  /** Tells the records that the others do not hold, each counted as often as it stands there. */
  #tellSurplus(frame: number, change: Effect["change"], records: Records, others: Records): void {
    for (let at = records.begin; at < records.end; at += recordBytes(records, at)) {
      const earlier = count(records, at, records, at);
      if (earlier >= count(records, at, others, others.end)) this.#tell(frame, change, records, at);
    }
  }

  #tell(frame: number, change: Effect["change"], records: Records, at: number): void {
    const length = recordBytes(records, at);
    const next = this.#pendingEnd + PENDING_HEADER_BYTES + length;
    if (next > this.#pending.length) {
      const grown = new Uint8Array(2 * next);
      grown.set(this.#pending);
      this.#pending = grown;
    }
    const pending = this.#pending;
    let to = this.#pendingEnd;
    for (let shift = 0; shift < 32; shift += 8) pending[to++] = frame >>> shift;
    pending[to] = change === "cancelled" ? 1 : 0;
    to += 4;
    for (let i = 0; i < length; i++) pending[to + i] = records.bytes[at + i]!;
    this.#pendingEnd = next;
  }

  /** All that is new since the last call, oldest first. */
  take(): Effect[] {
    if (this.#pendingEnd === 0) return NONE;
    const effects: Effect[] = [];
    const bytes = this.#pending;
    const view = new DataView(bytes.buffer);
    const records: Records = { bytes, begin: 0, end: this.#pendingEnd };
    for (let at = 0; at < this.#pendingEnd; ) {
      const begin = at + PENDING_HEADER_BYTES;
      const end = begin + recordBytes(records, begin);
      const change = bytes[at + 4] === 1 ? "cancelled" : "happened";
      effects.push({ frame: view.getUint32(at, true), change, bytes: bytes.slice(begin, end) });
      at = end;
    }
    this.#pendingEnd = 0;
    return effects;
  }
}

const NONE: Effect[] = [];

/** Bytes of the record at `at`, whatever a module that was not built by us says of it: none reaches beyond the end. */
function recordBytes({ bytes, end }: Records, at: number): number {
  return Math.min(end - at, RECORD_HEADER_BYTES + (bytes[at + 2]! | (bytes[at + 3]! << 8)));
}

/** How often the record at `at` stands among the others before `end`. */
function count(records: Records, at: number, others: Records, end: number): number {
  const length = recordBytes(records, at);
  let found = 0;
  for (let other = others.begin; other < end; other += recordBytes(others, other)) {
    const equal = recordBytes(others, other) === length && same(records.bytes, at, others.bytes, other, length);
    if (equal) found += 1;
  }
  return found;
}

function same(a: Uint8Array, aBegin: number, b: Uint8Array, bBegin: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aBegin + i] !== b[bBegin + i]) return false;
  return true;
}
