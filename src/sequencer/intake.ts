// What a player's datagram may add: acknowledgements that only grow, and inputs that are final the first time they come.
import { HISTORY_FRAMES } from "../session/inputs/final-inputs.js";
import { openRun } from "../session/inputs/run.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE, PRESENCE_REPLACED } from "../simulation/simulation.js";
import { unwrapFrame } from "../wire/frame.js";
import { RunReader } from "../wire/input-run.js";
import type { Body } from "../wire/messages.js";
import { GENERATIONS } from "../wire/stream.js";
import type { Match } from "./match.js";
import type { Seat } from "./seat.js";
import { LATENESS_STEPS } from "./timing/lateness.js";

/** Frames ahead of the clock that inputs may be: more than any input delay and window together. */
const LEAD_FRAMES = 64;

/** Frames beyond the stable end that are taken: the slowest reader must still find what he lacks in the history. */
const UNSTABLE_FRAMES_MAX = HISTORY_FRAMES / 2;

/** An acknowledged roster is ahead of what we knew by less than half of what its eight bits can tell. */
const ROSTER_UNTOLD_MAX = 127;

export class Intake {
  readonly #reader = new RunReader();
  readonly #onEquivocation: (seat: number, frame: number) => void;
  /** Runs, or parts of them, that could not be used: a gap, an unknown base, malformed bits, too far ahead. */
  unusable = 0;
  /** Inputs that came after they had been replaced. */
  late = 0;

  constructor(onEquivocation: (seat: number, frame: number) => void) {
    this.#onEquivocation = onEquivocation;
  }

  /** Takes what is new in the datagram. */
  take(match: Match, seat: Seat, body: Body<"inputs">, now: number): void {
    const first = unwrapFrame(body.first, match.inputs.held(seat.index));
    acknowledge(match, seat, body, first + body.count);
    this.#takeRun(match, seat, body, first, now);
    const end = first + body.count;
    if (end <= seat.heardEnd || end > match.inputs.held(seat.index)) return;
    seat.heardEnd = end;
    // What is neutral was not pressed at any time.
    if (end <= seat.neutralEnd) return;
    seat.lateness.note((LATENESS_STEPS * match.clock(now)) | 0, (LATENESS_STEPS * match.sampledAt(end - 1)) | 0);
  }

  /** Takes a part of a long input: it counts as soon as a run marks it. True: a run has overtaken it, and it counts now. */
  takePart(match: Match, seat: Seat, part: Body<"part">): boolean {
    const own = part.seat === seat.index && part.generation === seat.generation % GENERATIONS;
    if (!own || !match.parts.take(seat.index, part)) this.unusable += 1;
    const whole = match.parts.overtaken(seat.index);
    if (whole !== undefined) match.inputs.push(seat.index, whole.bytes, 0, whole.length);
    return whole !== undefined;
  }

  #takeRun(match: Match, seat: Seat, body: Body<"inputs">, first: number, now: number): void {
    const { inputs } = match;
    const reader = this.#reader;
    if (first > inputs.held(seat.index) || !openRun(reader, inputs, seat.index, first, body)) {
      this.unusable += 1;
      return;
    }
    const most = Math.min(Math.ceil(match.clock(now)) + LEAD_FRAMES, match.stableEnd + UNSTABLE_FRAMES_MAX);
    for (let frame = first; reader.next(); frame++) {
      if (frame >= most) {
        this.unusable += 1;
        return;
      }
      if (reader.longLength > 0 && !match.parts.supply(reader, seat.index, frame)) return;
      if (reader.presence !== PRESENCE_HERE) {
        this.unusable += 1; // only a sequencer replaces
        return;
      }
      if (frame >= inputs.held(seat.index)) inputs.push(seat.index, reader.bytes, 0, reader.length);
      else if (frame < seat.replacedEnd && this.#isLate(match, seat, frame)) continue;
      else if (frame >= inputs.begin(seat.index)) this.#compare(match, seat, frame);
    }
    if (!reader.finished) this.unusable += 1;
  }

  // Whoever is late knows nothing of it yet: that is no equivocation.
  #isLate({ inputs }: Match, seat: Seat, frame: number): boolean {
    if (frame < inputs.begin(seat.index) || inputs.presenceAt(seat.index, frame) !== PRESENCE_REPLACED) return false;
    if (frame >= seat.lateEnd) {
      this.late += 1;
      seat.lateEnd = frame + 1;
    }
    return true;
  }

  // First wins. A different second one is never applied, but somebody should know.
  #compare({ inputs }: Match, seat: Seat, frame: number): void {
    const { bytes, length } = this.#reader;
    const record = inputs.recordOf(seat.index, frame);
    const at = seat.index * inputs.cellBytes + CELL_HEADER_BYTES;
    let same = inputs.lengthAt(seat.index, frame) === length;
    for (let i = 0; same && i < length; i++) same = record[at + i] === bytes[i];
    if (!same) this.#onEquivocation(seat.index, frame);
  }
}

// What he says he holds only ever grows, and never beyond what there is.
export function acknowledge(match: Match, seat: Seat, body: Body<"inputs">, ownEnd: number): void {
  const { inputs } = match;
  for (let other = 0, item = 0; other < inputs.seats && item < body.received.count; other++) {
    if (other === seat.index) continue;
    let end = ownEnd + body.received.items[item++]!;
    const known = match.knownEnd(other);
    // Who was misled takes an absent seat for absent for too long; what was promised he has all the same.
    if (end > known && inputs.leftAt(other) < Infinity) end = known;
    if (end <= known && end > seat.received[other]!) seat.received[other] = end;
  }
  // His delta base is the newest of his own inputs of which he knows what became.
  const ownBegin = body.base > 0 ? ownEnd - body.count - body.base + 1 : 0;
  if (ownBegin <= inputs.held(seat.index)) seat.received[seat.index] = Math.max(seat.received[seat.index]!, ownBegin);
  const rosterEnd = seat.rosterEnd + ((body.roster - seat.rosterEnd) & 255);
  if (body.timed && rosterEnd <= Math.min(match.roster.length, seat.rosterEnd + ROSTER_UNTOLD_MAX))
    seat.rosterEnd = rosterEnd;
  match.updateStable();
}
