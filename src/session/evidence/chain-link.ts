// One link of the hash chain: C[f+1] = XXH3(C[f], H[f], inputs[f]), low halves first, hashed where it lies.
import { LINK_HEADER_BYTES, type Simulation } from "../../simulation/simulation.js";

/** A simulation has room for one link at a time: two chains over one simulation would disturb each other. */
export class ChainLink {
  readonly #simulation: Simulation;
  readonly #words: Uint32Array;
  /** The cells of inputs[f], to be filled before `add`. */
  readonly inputs: Uint32Array;
  readonly #inputBytes: Uint8Array;

  /** Starts at C[0] = 0. */
  constructor(simulation: Simulation, recordBytes: number) {
    this.#simulation = simulation;
    this.#words = simulation.link.subarray(0, (LINK_HEADER_BYTES + recordBytes) >> 2);
    this.#words.fill(0);
    this.inputs = this.#words.subarray(LINK_HEADER_BYTES >> 2);
    this.#inputBytes = new Uint8Array(this.inputs.buffer, this.inputs.byteOffset, recordBytes);
  }

  /** Low 32 bits of the newest C. */
  get value(): number {
    return this.#words[0]!;
  }

  /** High 32 bits of the newest C. */
  get valueHigh(): number {
    return this.#words[1]!;
  }

  /** Goes on from a C that somebody else has come to. */
  begin(low: number, high: number): void {
    this.#words[0] = low;
    this.#words[1] = high;
  }

  /** The newest H, in two halves. */
  get stateLow(): number {
    return this.#words[2]!;
  }
  get stateHigh(): number {
    return this.#words[3]!;
  }

  /** Links the state saved in `slot` and the inputs played from it: `record`, or what was written to `inputs`. */
  add(slot: number, record?: Uint8Array): void {
    if (record !== undefined) this.#inputBytes.set(record);
    this.#simulation.hashLink(slot, this.#words.byteLength);
  }
}
