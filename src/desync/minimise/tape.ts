// A match's inputs held in memory, to be cut and simplified: what a failing replay is shrunk as.
import { cellLength } from "../../session/inputs/final-inputs.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../simulation/simulation.js";
import type { MatchConfig } from "../../wire/match-config.js";
import type { Played } from "../side-by-side.js";

/** How much there is in a tape to be looked at by whoever debugs it. */
export interface Weight {
  readonly frames: number;
  /** Inputs of a seat in a frame that are not neutral. */
  readonly pressed: number;
  /** Inputs that are another than the seat's one before. */
  readonly turns: number;
  readonly bits: number;
}

/** Tapes share their records and never write to them. */
export class Tape implements Played {
  readonly config: MatchConfig;
  readonly cellBytes: number;
  readonly #records: readonly Uint8Array[];

  /** Of the first `frames` of what was played. */
  static of(played: Played, frames: number = played.frames): Tape {
    const records: Uint8Array[] = [];
    const all = played.records();
    while (records.length < frames) {
      const next = all.next();
      if (next.done) break;
      records.push(next.value.slice());
    }
    return new Tape(played, records);
  }

  private constructor({ config, cellBytes }: Pick<Played, "config" | "cellBytes">, records: readonly Uint8Array[]) {
    this.config = config;
    this.cellBytes = cellBytes;
    this.#records = records;
  }

  get frames(): number {
    return this.#records.length;
  }

  records(): Iterator<Uint8Array, undefined> {
    return this.#records.values() as Iterator<Uint8Array, undefined>;
  }

  record(frame: number): Uint8Array {
    return this.#records[frame]!;
  }

  /** The first frames; where there are fewer, neutral ones follow. */
  until(frames: number): Tape {
    const records = this.#records.slice(0, frames);
    while (records.length < frames) records.push(this.#neutralRecord());
    return new Tape(this, records);
  }

  /** Without the frames in [begin, end): those behind come earlier. */
  without(begin: number, end: number): Tape {
    return new Tape(this, [...this.#records.slice(0, begin), ...this.#records.slice(end)]);
  }

  /** The seat is here in [begin, end), and presses nothing. */
  neutral(seat: number, begin: number, end: number): Tape {
    return this.#edited(seat, begin, end, (cell) => this.#neutralise(cell));
  }

  /** The seat goes on with what it pressed before `begin`, until `end`. */
  held(seat: number, begin: number, end: number): Tape {
    if (begin === 0) return this.neutral(seat, begin, end);
    const before = this.#cell(this.#records[begin - 1]!, seat);
    return this.#edited(seat, begin, end, (cell) => cell.set(before));
  }

  /** One bit of the seat's input is not set in [begin, end). */
  cleared(seat: number, bit: number, begin: number, end: number): Tape {
    const at = CELL_HEADER_BYTES + (bit >> 3);
    return this.#edited(seat, begin, end, (cell) => {
      cell[at]! &= ~(1 << (bit & 7));
    });
  }

  /** The frames in which the seat's input is another than before; the first one too. */
  turns(seat: number): number[] {
    const turns: number[] = [];
    for (let frame = 0; frame < this.frames; frame++) {
      const cell = this.#cell(this.#records[frame]!, seat);
      const before = frame === 0 ? undefined : this.#cell(this.#records[frame - 1]!, seat);
      if (before === undefined || cell.some((byte, i) => byte !== before[i])) turns.push(frame);
    }
    return turns;
  }

  weight(): Weight {
    let [pressed, turns, bits] = [0, 0, 0];
    for (const [frame, record] of this.#records.entries()) {
      for (let seat = 0; seat < this.config.players; seat++) {
        const cell = this.#cell(record, seat);
        const before = frame === 0 ? undefined : this.#cell(this.#records[frame - 1]!, seat);
        const set = bitsOf(cell);
        const neutral =
          set === 0 && cell[0] === PRESENCE_HERE && (this.config.commands === 0 || cellLength(cell, 0) === 0);
        if (!neutral) pressed += 1;
        if (before === undefined ? !neutral : cell.some((byte, i) => byte !== before[i])) turns += 1;
        bits += set;
      }
    }
    return { frames: this.frames, pressed, turns, bits };
  }

  #cell(record: Uint8Array, seat: number): Uint8Array {
    return record.subarray(seat * this.cellBytes, (seat + 1) * this.cellBytes);
  }

  #edited(seat: number, begin: number, end: number, edit: (cell: Uint8Array) => void): Tape {
    const records = this.#records.map((record, frame) => {
      if (frame < begin || frame >= end) return record;
      const copy = record.slice();
      edit(this.#cell(copy, seat));
      return copy;
    });
    return new Tape(this, records);
  }

  /** Held inputs keep their length and are zero; a command that is not given is empty. */
  #neutralise(cell: Uint8Array): void {
    cell[0] = PRESENCE_HERE;
    cell.fill(0, this.config.commands === 0 ? CELL_HEADER_BYTES : 1);
  }

  #neutralRecord(): Uint8Array {
    const record = this.#records.at(-1)?.slice() ?? new Uint8Array(this.config.players * this.cellBytes);
    for (let seat = 0; seat < this.config.players; seat++) this.#neutralise(this.#cell(record, seat));
    return record;
  }
}

function bitsOf(cell: Uint8Array): number {
  let bits = 0;
  for (let at = CELL_HEADER_BYTES; at < cell.length; at++) {
    for (let byte = cell[at]!; byte !== 0; byte &= byte - 1) bits += 1;
  }
  return bits;
}
