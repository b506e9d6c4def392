// What players do with their hands: buttons that are held and let go, or commands of any length, from a seed.
import { Random } from "../../src/netsim/random.js";

/** Of the commands given, so many are as long as the game allows. */
const LONGEST = 0.1;

/** Most bytes of the others. */
const SHORT_BYTES = 12;

export interface HandsOptions {
  seed: number;
  /** The chance that something changes in a frame. */
  restless: number;
  inputBytes: number;
  commands: boolean;
}

/** Asked once for each frame. */
export class Hands {
  readonly #options: HandsOptions;
  readonly #random: Random;
  #held: Uint8Array;

  constructor(options: HandsOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#held = options.commands ? NOTHING : new Uint8Array(options.inputBytes);
  }

  press(): Uint8Array {
    const { restless, commands } = this.#options;
    const moved = this.#random.chance(restless);
    if (commands) this.#held = moved ? this.#command() : NOTHING;
    else if (moved) this.#held[0]! ^= 1 << this.#random.below(8);
    return this.#held;
  }

  #command(): Uint8Array {
    const { inputBytes } = this.#options;
    const length = this.#random.chance(LONGEST) ? inputBytes : 1 + this.#random.below(SHORT_BYTES);
    return Uint8Array.from({ length: Math.min(length, inputBytes) }, () => this.#random.below(256));
  }
}

const NOTHING = new Uint8Array(0);
