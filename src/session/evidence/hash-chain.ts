// The hash chain: every confirmed state hashed exactly once, and linked with its inputs.
import { assert } from "../../assert.js";
import type { Simulation } from "../../simulation/simulation.js";
import type { FinalInputs } from "../inputs/final-inputs.js";
import { ChainLink } from "./chain-link.js";

/** State hashes kept: four and a half minutes at 60 frames per second, 256 KiB with the chain's values. */
const HASHES_KEPT = 16_384;

/**
 *   H[f] = XXH3(state[f])      C[0] = 0      C[f+1] = XXH3(C[f], H[f], inputs[f])
 *
 * C[f] so covers every state before f and every input before f. A difference persists, so one look at the newest
 * value finds any past divergence. `end`: C[end] is the newest value, and H[f] is known for f < end.
 */
export class HashChain {
  readonly #simulation: Simulation;
  readonly #inputs: FinalInputs;
  readonly #hashes = new Uint32Array(2 * HASHES_KEPT);
  readonly #values = new Uint32Array(HASHES_KEPT);
  readonly #highs = new Uint32Array(HASHES_KEPT);
  readonly #link: ChainLink;
  readonly #scratch = new Uint32Array(2);
  readonly #onLink: ((end: number) => void) | undefined;
  #base: number;
  #end: number;

  /** `base`: where the chain begins when not at frame 0, and the whole of C there. */
  constructor(simulation: Simulation, inputs: FinalInputs, onLink?: (end: number) => void, base: ChainBase = ZERO) {
    this.#simulation = simulation;
    this.#inputs = inputs;
    this.#onLink = onLink;
    this.#link = new ChainLink(simulation, inputs.recordBytes);
    this.#link.begin(base.low, base.high);
    this.#base = base.frame;
    this.#end = base.frame;
    this.#keep();
  }

  #keep(): void {
    this.#values[this.#end % HASHES_KEPT] = this.#link.value;
    this.#highs[this.#end % HASHES_KEPT] = this.#link.valueHigh;
  }

  get end(): number {
    return this.#end;
  }

  /** Low 32 bits of C[end]. */
  get value(): number {
    return this.#link.value;
  }

  /** Links the next frame: its inputs are final, and its state lies in its slot and will not change again. */
  link(frame: number): void {
    assert(frame === this.#end, "frames are linked in order, each once");
    this.#inputs.write(frame, this.#link.inputs);
    this.#link.add(frame % this.#simulation.slots);
    const at = 2 * (frame % HASHES_KEPT);
    this.#hashes[at] = this.#link.stateLow;
    this.#hashes[at + 1] = this.#link.stateHigh;
    this.#end = frame + 1;
    this.#keep();
    this.#onLink?.(this.#end);
  }

  /** What was linked from `frame` on was wrong: goes on from the C that the others have there. */
  reseed(frame: number, low: number, high: number): void {
    this.#link.begin(low, high);
    this.#base = frame;
    this.#end = frame;
    this.#keep();
  }

  /** Low 32 bits of C[end] for an end in (begin, this.end]. */
  valueAt(end: number): number {
    return this.#values[end % HASHES_KEPT]!;
  }

  /** High 32 bits of C[end], likewise. */
  highAt(end: number): number {
    return this.#highs[end % HASHES_KEPT]!;
  }

  get begin(): number {
    return Math.max(this.#base, this.#end - HASHES_KEPT);
  }

  /** H[frame] and the low half of its inputs' hash; the frame is in [begin, end). */
  stateHash(frame: number, into: { low: number; high: number; inputs: number }): void {
    const at = 2 * (frame % HASHES_KEPT);
    into.low = this.#hashes[at]!;
    into.high = this.#hashes[at + 1]!;
    this.#simulation.digest(this.#inputs.record(frame), this.#scratch, 0);
    into.inputs = this.#scratch[0]!;
  }
}

/** C at a frame, in two halves. */
export interface ChainBase {
  frame: number;
  low: number;
  high: number;
}

const ZERO: ChainBase = { frame: 0, low: 0, high: 0 };

/** A 64-bit hash as people read it: 16 hexadecimal digits. */
export function hexHash(parts: { low: number; high: number }): string {
  return parts.high.toString(16).padStart(8, "0") + parts.low.toString(16).padStart(8, "0");
}
