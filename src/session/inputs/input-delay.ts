// The input delay in force: how many frames lie between pressing and playing, the same for all seats at every frame.

interface Coming {
  frame: number;
  value: number;
}

/**
 *   pressed at frame   8   9  10  11  12          the delay is 2, and 4 from frame 10 on
 *   played at frame   10  11  14  15  16          frames 12 and 13 are filled: raising opens a gap, lowering merges
 */
export class InputDelay {
  #value: number;
  /** Announced changes that are still ahead, in order. */
  readonly #coming: Coming[] = [];

  constructor(value: number) {
    this.#value = value;
  }

  /** The delay in force at the frame that was asked about last. */
  get value(): number {
    return this.#value;
  }

  /** From `frame` on, all seats' delay is `value`: the roster says so. */
  change(frame: number, value: number): void {
    this.#coming.push({ frame, value });
  }

  /** The delay of what is pressed at `frame`. Frames are asked about in order. */
  at(frame: number): number {
    while (this.#coming.length > 0 && this.#coming[0]!.frame <= frame) this.#value = this.#coming.shift()!.value;
    return this.#value;
  }
}
