// A snapshot on its way out: the chunks that were asked for, a few at a time, so that frames never wait behind them.
import { CHUNKS_ASKED_MAX, CHUNKS_PER_MS } from "../../wire/limits.js";
import type { Wants } from "./download.js";

/** Chunks sent at once, after a while without any. */
const BURST = 8;

export class Supply {
  readonly #queued: Uint8Array;
  readonly #queue: number[] = [];
  #allowance = 0;
  #at = -Infinity;

  constructor(chunks: number) {
    this.#queued = new Uint8Array(chunks);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Somebody asks for these. */
  wish({ first, mask }: Wants): void {
    for (let bit = 0; bit < CHUNKS_ASKED_MAX; bit++) if ((mask >>> bit) & 1) this.#wishOne(first + bit);
  }

  /** The first so many go before anybody has asked for them. */
  wishFirst(chunks: number): void {
    for (let index = 0; index < chunks; index++) this.#wishOne(index);
  }

  #wishOne(index: number): void {
    if (index >= this.#queued.length || this.#queued[index] === 1) return;
    this.#queued[index] = 1;
    this.#queue.push(index);
  }

  /** The next chunk to send at this moment, while there is one. */
  next(now: number): number | undefined {
    const gained = CHUNKS_PER_MS * (now - this.#at);
    this.#allowance = Math.min(BURST, this.#allowance + gained);
    this.#at = now;
    if (this.#allowance < 1) return undefined;
    const index = this.#queue.shift();
    if (index === undefined) return undefined;
    this.#allowance -= 1;
    this.#queued[index] = 0;
    return index;
  }
}
