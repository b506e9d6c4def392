// States kept beside a short ring: one that everybody agreed on, from which a later one can be played again.
import type { Simulation } from "../../simulation/simulation.js";

/** Settled frames between two: a copy of the state so often is a sixteenth of what the ring itself costs. */
const KEYFRAME_FRAMES = 16;

interface Keyframe {
  frame: number;
  state: Uint8Array;
}

/**
 *   ---K------------------K---------------------------- settled frames
 *      older              newer: waits until everybody agreed beyond it, then the older one is overwritten
 *                ^ agreedEnd
 *
 * So one that is right is always there, some hundred frames old at most while everybody agrees; and one from which the
 * state before the first that may differ can be played again.
 */
export class Keyframes {
  readonly #simulation: Simulation;
  readonly #kept: Keyframe[] = [];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** The state of `frame` is settled, and in its slot. */
  settled(frame: number, agreedEnd: number): void {
    if (frame % KEYFRAME_FRAMES !== 0 && this.#kept.length > 0) return;
    const newer = this.#kept.at(-1);
    if (this.#kept.length < 2) this.#kept.push({ frame, state: new Uint8Array(this.#simulation.stateBytes) });
    else if (newer!.frame >= agreedEnd) return;
    else this.#kept.push(this.#kept.shift()!);
    const next = this.#kept.at(-1)!;
    next.frame = frame;
    this.#simulation.read(frame % this.#simulation.slots, next.state);
  }

  /** The newest one at or before `frame`. */
  before(frame: number): Readonly<Keyframe> | undefined {
    return this.#kept.findLast((kept) => kept.frame <= frame);
  }
}
