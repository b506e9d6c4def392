// What was played before it was known: kept for reports, a byte for each seat and frame, and the newest rollbacks.
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../simulation/simulation.js";
import type { FinalInputs } from "../inputs/final-inputs.js";
import type { RollbackMark } from "./report.js";

/** The frames of a report, and those that pass until it is made: at 300 ms a hundred. */
const FRAMES_KEPT = 256;

/** Rollbacks told in a report. */
export const ROLLBACKS_TOLD = 32;

/** Not known, or longer ago than can be told. */
const UNKNOWN = 255;

export class History {
  readonly #inputs: FinalInputs;
  readonly #repeats: boolean;
  /** Frames from the newest known input to the one that was guessed, as far as a byte goes; 0: it was known. */
  readonly #ages: Uint8ClampedArray;
  readonly #rollbacks = new Int32Array(2 * ROLLBACKS_TOLD);
  #rolledBack = 0;

  /** `repeats`: an input that is not known is played as the newest one again, and else as none. */
  constructor(inputs: FinalInputs, repeats: boolean) {
    this.#inputs = inputs;
    this.#repeats = repeats;
    this.#ages = new Uint8ClampedArray(FRAMES_KEPT * inputs.seats).fill(UNKNOWN);
  }

  /** `frame` has been played for the first time. */
  played(frame: number): void {
    const inputs = this.#inputs;
    const row = (frame % FRAMES_KEPT) * inputs.seats;
    for (let seat = 0; seat < inputs.seats; seat++) {
      const age = frame < inputs.leftAt(seat) ? frame - inputs.held(seat) + 1 : 0;
      this.#ages[row + seat] = age;
    }
  }

  /** Frames [from, to) are played again. */
  rolledBack(from: number, to: number): void {
    const at = 2 * (this.#rolledBack % ROLLBACKS_TOLD);
    this.#rollbacks[at] = from;
    this.#rollbacks[at + 1] = to;
    this.#rolledBack += 1;
  }

  /** The newest rollbacks, oldest first. */
  rollbacks(): RollbackMark[] {
    const marks: RollbackMark[] = [];
    for (let i = Math.max(0, this.#rolledBack - ROLLBACKS_TOLD); i < this.#rolledBack; i++) {
      const at = 2 * (i % ROLLBACKS_TOLD);
      marks.push({ from: this.#rollbacks[at]!, to: this.#rollbacks[at + 1]! });
    }
    return marks;
  }

  /** How the frames [begin, end) were first played, all of which are confirmed: the letters of `SeatInputs.marks`. */
  marks(seat: number, begin: number, end: number): string {
    let letters = "";
    for (let frame = begin; frame < end; frame++) {
      const age = this.#ages[(frame % FRAMES_KEPT) * this.#inputs.seats + seat]!;
      if (age === 0) letters += "c";
      else letters += age === UNKNOWN ? "?" : this.#guessed(seat, frame, frame - age) ? "p" : "m";
    }
    return letters;
  }

  /** Whether the final input is what was guessed while that of `newest` was the last one known. */
  #guessed(seat: number, frame: number, newest: number): boolean {
    const inputs = this.#inputs;
    const cell = seat * inputs.cellBytes;
    const final = inputs.record(frame).subarray(cell, cell + inputs.cellBytes);
    const known = newest >= inputs.begin(seat);
    const base = known ? inputs.recordOf(seat, newest).subarray(cell, cell + inputs.cellBytes) : undefined;
    if (base !== undefined && this.#repeats) return final.every((byte, i) => byte === base[i]);
    const presence = base === undefined ? PRESENCE_HERE : base[0];
    return (
      final[0] === presence && final.subarray(2, CELL_HEADER_BYTES + inputs.inputBytes).every((byte) => byte === 0)
    );
  }
}
