// Long inputs on their way in: the parts of each seat's next few frames are put together, and the first of each part wins.
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import { unwrapFrame } from "../../wire/frame.js";
import type { RunReader } from "../../wire/input-run.js";
import { INPUT_BYTES_MAX, inlineBytesMax, LONG_INPUTS_MAX, PART_BYTES } from "../../wire/limits.js";
import type { Body } from "../../wire/messages.js";
import type { FinalInputs } from "./final-inputs.js";

/** One input, as far as it has come: `parts` has a bit for each part that is here; no bit, no input. */
class Parcel {
  frame = 0;
  generation = 0;
  length = 0;
  parts = 0;
  /** The length by which a run has marked it, when it was not whole yet. */
  marked = 0;
  readonly bytes = new Uint8Array(INPUT_BYTES_MAX);

  get whole(): boolean {
    return this.parts === (1 << Math.ceil(this.length / PART_BYTES)) - 1;
  }
}

export class PartsIn {
  readonly #inputs: FinalInputs;
  readonly #inlineMax: number;
  /** By seat, then by frame; made when the first long input comes, since most games have none. */
  readonly #seats: Parcel[][];

  constructor(inputs: FinalInputs) {
    this.#inputs = inputs;
    this.#inlineMax = inlineBytesMax(inputs.seats);
    this.#seats = Array.from({ length: inputs.seats }, () => []);
  }

  /** Takes one part of a seat's input. False when it contradicts an earlier one, or no run of this match would mark it. */
  take(seat: number, part: Body<"part">): boolean {
    const held = this.#inputs.held(seat);
    const frame = unwrapFrame(part.frame, held);
    if (frame < held) return true; // repeated in vain: the input is final already
    const length = part.bytes.end - part.bytes.begin;
    const expected = Math.min(PART_BYTES, part.total - part.index * PART_BYTES);
    const long = part.total > this.#inlineMax && part.total <= this.#inputs.inputBytes;
    if (!long || length <= 0 || length !== expected || frame >= held + LONG_INPUTS_MAX) return false;
    const parcel = this.#parcel(seat, frame);
    if (parcel.frame !== frame || parcel.generation !== part.generation) parcel.parts = 0;
    if (parcel.frame !== frame) parcel.marked = 0;
    if (parcel.parts === 0) begin(parcel, frame, part);
    return parcel.length === part.total && fill(parcel, part);
  }

  #parcel(seat: number, frame: number): Parcel {
    const parcels = this.#seats[seat]!;
    while (parcels.length < LONG_INPUTS_MAX) parcels.push(new Parcel());
    return parcels[frame % LONG_INPUTS_MAX]!;
  }

  /** Supplies a run's reader with the long input that it has come to; false while parts of it are missing. */
  supply(reader: RunReader, seat: number, frame: number): boolean {
    const inputs = this.#inputs;
    if (frame < inputs.held(seat)) return supplyFinal(reader, inputs, seat, frame);
    const parcel = this.#parcel(seat, frame);
    // The run is right about its own frame: what was put together of other parts is given up, and comes again.
    if (parcel.frame !== frame || parcel.length !== reader.longLength) parcel.parts = 0;
    parcel.frame = frame;
    parcel.marked = reader.longLength;
    if (parcel.parts === 0 || !parcel.whole) return false;
    reader.supply(parcel.bytes, 0);
    return true;
  }

  /** A seat's next input, when its last part has come after the run that marked it. */
  overtaken(seat: number): { bytes: Uint8Array; length: number } | undefined {
    const frame = this.#inputs.held(seat);
    const parcel = this.#seats[seat]![frame % LONG_INPUTS_MAX];
    const here = parcel?.frame === frame && parcel.parts > 0 && parcel.marked === parcel.length && parcel.whole;
    return here ? parcel : undefined;
  }
}

function begin(parcel: Parcel, frame: number, part: Body<"part">): void {
  parcel.frame = frame;
  parcel.generation = part.generation;
  parcel.length = part.total;
}

/** False when the part is there already and says something else. */
function fill(parcel: Parcel, part: Body<"part">): boolean {
  const { bytes, begin, end } = part.bytes;
  const at = part.index * PART_BYTES - begin;
  const bit = 1 << part.index;
  if ((parcel.parts & bit) === 0) {
    for (let i = begin; i < end; i++) parcel.bytes[at + i] = bytes[i]!;
    parcel.parts |= bit;
    return true;
  }
  for (let i = begin; i < end; i++) if (parcel.bytes[at + i] !== bytes[i]) return false;
  return true;
}

/** A run repeats what is final here: its later frames are spelled against it. */
function supplyFinal(reader: RunReader, inputs: FinalInputs, seat: number, frame: number): boolean {
  if (frame < inputs.begin(seat) || inputs.lengthAt(seat, frame) !== reader.longLength) return false;
  reader.supply(inputs.recordOf(seat, frame), seat * inputs.cellBytes + CELL_HEADER_BYTES);
  return true;
}
