// A player as a donor: keeps one settled state for those who come later, and hands it on without hurry.
import type { Simulation } from "../../simulation/simulation.js";
import { CHUNK_BYTES, UNASKED_CHUNKS } from "../../wire/limits.js";
import { type Body, blank } from "../../wire/messages.js";
import type { Outbox } from "../../wire/outbox.js";
import type { HashChain } from "../evidence/hash-chain.js";
import type { Timeline } from "../timeline/timeline.js";
import { Supply } from "./supply.js";

/** Nobody has asked for so long: the copy is given up. */
const FORGET_MS = 20_000;

export interface DonationParts {
  simulation: Simulation;
  timeline: Timeline;
  chain: HashChain;
  outbox: Outbox;
}

export class Donation {
  readonly #parts: DonationParts;
  readonly #kept = blank("kept");
  readonly #chunk = blank("chunk");
  /** What is asked for: a state of this frame or a later one. */
  #least: number | undefined;
  #state: Uint8Array | undefined;
  #supply = new Supply(0);
  #askedAt = 0;
  /** Chunks that go out before anybody can have asked for them. */
  #unasked = 0;

  constructor(parts: DonationParts) {
    this.#parts = parts;
  }

  onKeep(keep: Body<"keep">, now: number): void {
    this.#askedAt = now;
    if (this.#state !== undefined && this.#kept.frame >= keep.least) this.#tell();
    else this.#least = keep.least;
  }

  onWant(want: Body<"want">, now: number): void {
    this.#askedAt = now;
    if (this.#state !== undefined && want.frame === this.#kept.frame) this.#supply.wish(want);
    else this.#post(want.frame, want.first, NOTHING);
  }

  tick(now: number): void {
    if (this.#least !== undefined) this.#keep(this.#least);
    if (this.#state === undefined) return;
    if (now - this.#askedAt > FORGET_MS) {
      this.#state = undefined;
      return;
    }
    // Chunks of a state that the sequencer has not heard of are in vain: it is told more than once.
    if (this.#unasked > 0) this.#tell();
    for (let index = this.#supply.next(now); index !== undefined; index = this.#supply.next(now)) {
      if (this.#unasked > 0) this.#unasked -= 1;
      const begin = index * CHUNK_BYTES;
      this.#post(this.#kept.frame, index, this.#state.subarray(begin, begin + CHUNK_BYTES));
    }
  }

  /** Copies the newest state that is settled and still in its slot; until there is one of `least`, waits for it. */
  #keep(least: number): void {
    const { simulation, timeline, chain } = this.#parts;
    const oldest = Math.max(least, chain.begin, chain.end - simulation.slots + 1);
    let frame = chain.end;
    while (frame >= oldest && !timeline.holds(frame)) frame -= 1;
    if (frame < oldest) return;
    this.#least = undefined;
    this.#state = simulation.copy(frame % simulation.slots);
    this.#kept.frame = frame;
    this.#kept.low = chain.valueAt(frame);
    this.#kept.high = chain.highAt(frame);
    this.#kept.size = this.#state.length;
    this.#supply = new Supply(Math.ceil(this.#state.length / CHUNK_BYTES));
    this.#supply.wishFirst(UNASKED_CHUNKS);
    this.#unasked = this.#supply.waiting;
  }

  #tell(): void {
    this.#parts.outbox.post(0, "kept", this.#kept);
  }

  #post(frame: number, index: number, bytes: Uint8Array): void {
    const chunk = this.#chunk;
    chunk.frame = frame;
    chunk.index = index;
    chunk.bytes.bytes = bytes;
    chunk.bytes.begin = 0;
    chunk.bytes.end = bytes.length;
    this.#parts.outbox.post(0, "chunk", chunk);
  }
}

const NOTHING = new Uint8Array(0);
