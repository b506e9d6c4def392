// The snapshot that those who come in are given: fetched once from one donor, and handed to as many as come while it is young.

import { HISTORY_FRAMES } from "../../session/inputs/final-inputs.js";
import { Download } from "../../session/joining/download.js";
import { CHUNK_BYTES, UNASKED_CHUNKS } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { Match } from "../match.js";
import type { Seat } from "../seat.js";

/** A snapshot is given away for so long: the other half of the history is for who takes it. */
const YOUNG_FRAMES = HISTORY_FRAMES / 2;

/** So long nobody needs a snapshot at all: the game's first state and all inputs are enough. */
const BEGINNING_FRAMES = (3 * HISTORY_FRAMES) / 4;

/** Time between two requests to a donor: a usual round trip. Without a new chunk for three of the farthest another is asked. */
const ASK_AGAIN_MS = 150;
const GIVE_UP_MS = 900;

export class Depot {
  readonly #outbox: Outbox;
  readonly #keep = blank("keep");
  readonly #want = blank("want");
  readonly #chunk = blank("chunk");
  /** Donors that were no good. */
  readonly #shunned = new Set<Seat>();
  #donor: Seat | undefined;
  #download: Download | undefined;
  #frame = 0;
  #low = 0;
  #high = 0;
  /** What is needed: a state of this frame or a later one. */
  #least: number | undefined;
  #askAt = 0;
  #progressAt = 0;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Who gave, or gives, the snapshot; undefined: the sequencer itself. */
  get donor(): Seat | undefined {
    return this.#donor;
  }

  get frame(): number {
    return this.#frame;
  }

  get size(): number {
    return this.#download?.bytes.length ?? 0;
  }

  get whole(): boolean {
    return this.#download?.done === true;
  }

  has(index: number): boolean {
    return this.#download?.has(index) === true;
  }

  /** Hands one chunk on, which is here. */
  post(peer: number, index: number): void {
    const bytes = this.#download!.chunk(index);
    const chunk = this.#chunk;
    chunk.frame = this.#frame;
    chunk.index = index;
    chunk.bytes = { bytes, begin: 0, end: bytes.length };
    this.#outbox.post(peer, "chunk", chunk);
  }

  /** C at the frame. */
  get low(): number {
    return this.#low;
  }
  get high(): number {
    return this.#high;
  }

  /** Whether there is, or will be, a snapshot of `least` or later; if not yet, sees to it. */
  ready(match: Match, least: number, now: number): boolean {
    const age = match.finalEnd - this.#frame;
    if (this.#download !== undefined && this.#frame >= least && age < YOUNG_FRAMES) return true;
    if (least === 0 && match.finalEnd < BEGINNING_FRAMES) {
      this.#take({ frame: 0, low: 0, high: 0, size: 0 }, now);
      return true;
    }
    const given = match.authority?.give();
    if (given !== undefined && given.frame >= least) {
      this.#take({ ...given, size: given.state.length }, now);
      this.#fill(given.state, now);
      return true;
    }
    // A donor that was asked before may keep an old state still.
    const young = Math.max(least, match.finalEnd - YOUNG_FRAMES / 2);
    if (this.#least === undefined || this.#least < least) {
      this.#least = young;
      this.#progressAt = now;
    }
    return false;
  }

  #take(kept: { frame: number; low: number; high: number; size: number }, now: number): void {
    this.#least = undefined;
    const same = kept.frame === this.#frame && kept.low === this.#low && kept.high === this.#high;
    if (same && this.#download?.bytes.length === kept.size) return; // another donor of the same state
    this.#frame = kept.frame;
    this.#low = kept.low;
    this.#high = kept.high;
    this.#download = new Download(kept.size, now);
  }

  #fill(state: Uint8Array, now: number): void {
    const { chunks } = this.#download!;
    for (let index = 0, begin = 0; index < chunks; index++) {
      const end = Math.min(state.length, begin + CHUNK_BYTES);
      this.#download!.take(index, { bytes: state, begin, end }, now);
      begin = end;
    }
  }

  /** A donor says what he keeps. */
  onKept(donor: Seat, kept: Body<"kept">, now: number): void {
    if (donor !== this.#donor || this.#least === undefined || kept.frame < this.#least) return;
    const before = this.#download;
    this.#take(kept, now);
    if (this.#download !== before) this.#download!.expect(UNASKED_CHUNKS, now);
    this.#progressAt = now;
  }

  /** Takes a donor's chunk; true when it is new. */
  onChunk(donor: Seat, chunk: Body<"chunk">, now: number): boolean {
    if (donor !== this.#donor || this.#download === undefined || chunk.frame !== this.#frame) return false;
    if (chunk.bytes.begin === chunk.bytes.end) {
      this.#giveUp(now); // no longer held
      return false;
    }
    const fresh = this.#download.take(chunk.index, chunk.bytes, now);
    if (fresh) this.#progressAt = now;
    return fresh;
  }

  /** What was given is not the match's: away with it, and with who gave it. */
  discard(now: number): void {
    this.#download = undefined;
    this.#giveUp(now);
  }

  #giveUp(now: number): void {
    if (this.#donor !== undefined) this.#shunned.add(this.#donor);
    this.#donor = undefined;
    this.#progressAt = now;
    this.#askAt = now;
  }

  /** Lives until `now`: asks a donor for what is missing, and another one when he does not answer. */
  tick(match: Match, now: number): void {
    const download = this.#download;
    const fetching = this.#least !== undefined || (download !== undefined && !download.done);
    if (!fetching) return;
    if (this.#donor !== undefined && (!this.#donor.present || now - this.#progressAt > GIVE_UP_MS)) this.#giveUp(now);
    if (this.#donor === undefined) {
      this.#donor = this.#choose(match);
      if (this.#donor === undefined) return;
      // The new donor may keep the same state, and then what has come is of use.
      this.#least ??= this.#frame;
    }
    if (this.#least !== undefined) this.#askKeep(this.#donor, this.#least, now);
    else this.#askChunks(this.#donor, download!, now);
  }

  #askKeep(donor: Seat, least: number, now: number): void {
    if (now < this.#askAt) return;
    this.#askAt = now + ASK_AGAIN_MS;
    this.#keep.least = least;
    this.#outbox.post(donor.peer, "keep", this.#keep);
  }

  #askChunks(donor: Seat, download: Download, now: number): void {
    const want = this.#want;
    want.frame = this.#frame;
    while (download.ask(want, false, now)) this.#outbox.post(donor.peer, "want", want);
  }

  /** The nearest of those who play; when all were no good, one of them again. */
  #choose(match: Match): Seat | undefined {
    const playing = match.seats.filter((seat) => seat?.phase === "playing") as Seat[];
    for (const seat of this.#shunned) if (!seat.present) this.#shunned.delete(seat); // he comes back as another
    if (playing.every((seat) => this.#shunned.has(seat))) this.#shunned.clear();
    let best: Seat | undefined;
    for (const seat of playing) {
      if (!this.#shunned.has(seat) && (best === undefined || seat.roundTripMs < best.roundTripMs)) best = seat;
    }
    return best;
  }
}
