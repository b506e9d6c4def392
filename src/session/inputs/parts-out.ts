// Long inputs of one seat on their way to one receiver: which parts are due, a few datagrams at a time.
import { CELL_HEADER_BYTES } from "../../simulation/simulation.js";
import type { RunWriter } from "../../wire/input-run.js";
import { LONG_INPUTS_MAX, PART_BYTES } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { FinalInputs } from "./final-inputs.js";

/** Parts that go to one receiver at a time: two of the longest inputs, a frame's share of 4 Mbit a second at 60. */
export const PARTS_AT_ONCE = 8;

/** Time between two copies of a part, so that one burst of losses does not take both: half a frame at 60 per second. */
const COPY_GAP_MS = 8;

/** Where so many copies are needed, the first two go at once: of several parts one is lost nearly every time. */
const COPIES_AT_ONCE_FROM = 3;

/** How far one input has gone: `copies` times in whole, and once more up to part `next`. */
class Parcel {
  frame = 0;
  copies = 0;
  next = 0;
  sentAt = -Infinity;
}

/** Whom parts are sent to, and how. */
export interface PartsAddress {
  outbox: Outbox;
  to: number;
  generation: number;
  /** So often each part goes out, and after so long without an acknowledgement again. */
  copies: number;
  patienceMs: number;
  /** Datagrams left to send at this time. */
  most: number;
}

export class PartsOut {
  /** By frame; made when the first long input is sent. */
  readonly #parcels: Parcel[] = [];
  /** The frames that the newest run marked, in order. */
  readonly #marks = new Int32Array(LONG_INPUTS_MAX);
  #marked = 0;

  /** Where a run begins that would begin at `first`: never behind a long input that the receiver may still lack. */
  first(acknowledged: number, first: number): number {
    for (let i = 0; i < this.#marked; i++) {
      if (this.#marks[i]! >= acknowledged) return Math.min(first, this.#marks[i]!);
    }
    return first;
  }

  /** The run that begins at `first` was written. */
  wrote(first: number, { marks, marked }: RunWriter): void {
    for (let i = 0; i < marked; i++) this.#marks[i] = first + marks[i]!;
    this.#marked = marked;
  }

  /** Posts the parts that are due; answers how many. */
  post(inputs: FinalInputs, seat: number, acknowledged: number, address: PartsAddress, now: number): number {
    const rounds = address.copies >= COPIES_AT_ONCE_FROM ? 2 : 1;
    let posted = 0;
    for (let i = 0; i < rounds * this.#marked; i++) {
      const frame = this.#marks[i % this.#marked]!;
      if (frame < acknowledged || frame >= acknowledged + LONG_INPUTS_MAX) continue;
      posted += postParcel(this.#parcel(frame), inputs, seat, address, address.most - posted, now);
    }
    return posted;
  }

  #parcel(frame: number): Parcel {
    while (this.#parcels.length < LONG_INPUTS_MAX) this.#parcels.push(new Parcel());
    const parcel = this.#parcels[frame % LONG_INPUTS_MAX]!;
    if (parcel.frame !== frame) restart(parcel, frame);
    return parcel;
  }
}

function restart(parcel: Parcel, frame: number): void {
  parcel.frame = frame;
  parcel.copies = 0;
  parcel.next = 0;
  parcel.sentAt = -Infinity;
}

function postParcel(
  parcel: Parcel,
  inputs: FinalInputs,
  seat: number,
  { outbox, to, generation, patienceMs, copies }: PartsAddress,
  most: number,
  now: number,
): number {
  const second = parcel.copies === 1 && copies >= COPIES_AT_ONCE_FROM;
  const waitMs = second ? 0 : parcel.copies < copies ? COPY_GAP_MS : patienceMs;
  if (parcel.next === 0 && now - parcel.sentAt < waitMs) return 0;
  const total = inputs.lengthAt(seat, parcel.frame);
  const count = Math.ceil(total / PART_BYTES);
  const begin = parcel.next;
  const end = Math.min(count, begin + most);
  for (let index = begin; index < end; index++) {
    PART.generation = generation;
    PART.seat = seat;
    PART.frame = parcel.frame & 0xffff;
    PART.total = total;
    PART.index = index;
    PART.bytes.bytes = inputs.recordOf(seat, parcel.frame);
    PART.bytes.begin = seat * inputs.cellBytes + CELL_HEADER_BYTES + index * PART_BYTES;
    PART.bytes.end = PART.bytes.begin + Math.min(PART_BYTES, total - index * PART_BYTES);
    outbox.post(to, "part", PART);
  }
  PART.bytes.bytes = NOTHING; // a match that is over is not held on to
  parcel.next = end === count ? 0 : end;
  if (end === count) {
    parcel.copies += 1;
    parcel.sentAt = now;
  }
  return end - begin;
}

/** Filled again for each part, and encoded at once. */
const PART: Body<"part"> = blank("part");
const NOTHING = new Uint8Array(0);
