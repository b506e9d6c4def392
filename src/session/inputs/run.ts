// Runs of final inputs, to and from the wire's bits, against a delta base that both sides hold.
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import type { RunReader, RunWriter } from "../../wire/input-run.js";
import { inlineBytesMax, RUN_FRAMES_MAX } from "../../wire/limits.js";
import type { Run } from "../../wire/stream.js";
import { cellLength, type FinalInputs } from "./final-inputs.js";

/** Writes the run [first, end) of a seat against the newest final input that the receiver is known to hold. */
export function writeRun(
  writer: RunWriter,
  inputs: FinalInputs,
  seat: number,
  acknowledged: number,
  first: number,
  end: number,
  into: Run,
): void {
  const cell = seat * inputs.cellBytes;
  const base = acknowledged - 1;
  if (base >= 0) {
    const record = inputs.recordOf(seat, base);
    writer.begin(record, cell + CELL_HEADER_BYTES, cellLength(record, cell), record[cell]!);
  } else writer.begin(NOTHING, 0, 0);
  into.base = first - base;
  if (base < 0) into.base = 0;
  const until = Math.min(end, first + RUN_FRAMES_MAX);
  for (let frame = first; frame < until; frame++) {
    const record = inputs.recordOf(seat, frame);
    if (!writer.put(record, cell + CELL_HEADER_BYTES, cellLength(record, cell), record[cell]!)) break;
  }
  into.count = writer.count;
  into.bits.bytes = writer.bytes;
  into.bits.begin = 0;
  into.bits.end = writer.length;
}

/** Prepares to read a run that begins at `first`; false when its base is not held. */
export function openRun(reader: RunReader, inputs: FinalInputs, seat: number, first: number, run: Run): boolean {
  if (first < 0) return false;
  reader.open(run.bits, run.count, inputs.inputBytes, inlineBytesMax(inputs.seats));
  if (run.base === 0) {
    reader.base(NOTHING, 0, 0);
    return true;
  }
  const base = first - run.base;
  if (base < inputs.begin(seat) || base >= inputs.held(seat)) return false;
  const cell = seat * inputs.cellBytes;
  const record = inputs.recordOf(seat, base);
  reader.base(record, cell + CELL_HEADER_BYTES, cellLength(record, cell), record[cell]!);
  return true;
}

const NOTHING = new Uint8Array(0);
