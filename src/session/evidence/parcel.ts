// Evidence on its way through the sequencer: pushed piece by piece before anybody asks, and repeated where it was lost.
import { CHUNK_BYTES, CHUNKS_ASKED_MAX } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import { Download } from "../joining/download.js";
import { Supply } from "../joining/supply.js";

/** What a parcel is about. */
export const EVIDENCE = 0;
export const TRUTH = 1;

/**
 * All of it is sent four times, a frame apart, so that a burst of losses does not take all; of what is long less often,
 * since by then the other side can say what it lacks.
 */
const PASSES = 4;
const PASS_MS = 16;
const LONG_PIECES = 16;
const LONGEST_PIECES = 128;

/** Before the first piece has come nobody knows how many there are: so long until they are asked for. */
const FIRST_MS = 150;

/** Time between two asks. */
const ASK_AGAIN_MS = 40;

export class ParcelOut {
  readonly #bytes: Uint8Array;
  readonly #supply: Supply;
  readonly #parcel = blank("parcel");
  readonly #pieces: number;
  #passesLeft: number;
  #passAt = -Infinity;

  /** `seat`: whom it is for. */
  constructor(address: { kind: number; serial: number; seat: number }, bytes: Uint8Array) {
    Object.assign(this.#parcel, address, { total: bytes.length });
    this.#bytes = bytes;
    this.#pieces = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
    this.#passesLeft = this.#pieces <= LONG_PIECES ? PASSES : this.#pieces <= LONGEST_PIECES ? 2 : 1;
    this.#supply = new Supply(this.#pieces);
  }

  /** Some pieces were lost. */
  lacks(lacking: Body<"lacking">): void {
    this.#supply.wish(lacking);
  }

  /** Posts what is due to the carrier's `to`; `from` is who it says it is from, where the sequencer itself sends. */
  post(outbox: Outbox, to: number, now: number, from?: number): void {
    if (this.#passesLeft > 0 && now >= this.#passAt && this.#supply.waiting === 0) {
      this.#passesLeft -= 1;
      this.#passAt = now + PASS_MS;
      this.#supply.wishFirst(this.#pieces);
    }
    const parcel = this.#parcel;
    if (from !== undefined) parcel.seat = from;
    for (let index = this.#supply.next(now); index !== undefined; index = this.#supply.next(now)) {
      parcel.index = index;
      parcel.bytes.bytes = this.#bytes;
      parcel.bytes.begin = index * CHUNK_BYTES;
      parcel.bytes.end = Math.min(this.#bytes.length, parcel.bytes.begin + CHUNK_BYTES);
      outbox.post(to, "parcel", parcel);
    }
  }
}

export class ParcelIn {
  readonly #most: number;
  readonly #lacking = blank("lacking");
  readonly #want = { first: 0, mask: 0 };
  #download: Download | undefined;
  #askAt: number;

  /** From `seat`, at most so many bytes, expected from `now` on. */
  constructor(address: { kind: number; serial: number; seat: number }, most: number, now: number) {
    Object.assign(this.#lacking, address);
    this.#most = most;
    this.#askAt = now + FIRST_MS;
  }

  /** Takes a piece; answers all bytes once they are here. */
  take(parcel: Body<"parcel">, now: number): Uint8Array | undefined {
    if (parcel.total > this.#most) return undefined;
    if (this.#download === undefined) {
      this.#download = new Download(parcel.total, now);
      this.#download.expect(this.#download.chunks, now);
    }
    const download = this.#download;
    if (parcel.total !== download.bytes.length) return undefined;
    if (download.take(parcel.index, parcel.bytes, now)) this.#askAt = now + ASK_AGAIN_MS;
    return download.done ? download.bytes : undefined;
  }

  /** Asks for what is missing. */
  tick(outbox: Outbox, to: number, now: number): void {
    if (now < this.#askAt || this.#download?.done === true) return;
    this.#askAt = now + ASK_AGAIN_MS;
    const lacking = this.#lacking;
    if (this.#download === undefined) {
      this.#askAt = now + FIRST_MS;
      lacking.first = 0;
      lacking.mask = 2 ** CHUNKS_ASKED_MAX - 1;
      outbox.post(to, "lacking", lacking);
      return;
    }
    while (this.#download.ask(this.#want, false, now)) {
      lacking.first = this.#want.first;
      lacking.mask = this.#want.mask;
      outbox.post(to, "lacking", lacking);
    }
  }
}
