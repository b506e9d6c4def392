// One link of the hash chain: C[f+1] = XXH3(C[f], H[f], inputs[f]), low halves first, in one buffer that is used again.
import { LINK_HEADER_BYTES, type Simulation } from "../simulation/simulation.js";

export class ChainLink {
  readonly #simulation: Simulation;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;

  /** Starts at C[0] = 0. */
  constructor(simulation: Simulation, recordBytes: number) {
    this.#simulation = simulation;
    this.#words = new Uint32Array(Math.ceil((LINK_HEADER_BYTES + recordBytes) / 4));
    this.#bytes = new Uint8Array(this.#words.buffer, 0, LINK_HEADER_BYTES + recordBytes);
  }

  /** Low 32 bits of the newest C. */
  get value(): number {
    return this.#words[0]!;
  }

  /** The newest H, in two halves. */
  get stateLow(): number {
    return this.#words[2]!;
  }
  get stateHigh(): number {
    return this.#words[3]!;
  }

  /** Links the state saved in `slot` and the inputs played from it. */
  add(slot: number, record: Uint8Array): void {
    this.#simulation.hash(slot, this.#words, 2);
    this.#bytes.set(record, LINK_HEADER_BYTES);
    this.#simulation.digest(this.#bytes, this.#words, 0);
  }
}
