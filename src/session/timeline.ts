// The timeline: what was played against what is confirmed, and the rollback between the two.
import { assert } from "../assert.js";
import type { Simulation } from "../simulation/simulation.js";
import type { FinalInputs } from "./final-inputs.js";

export type Advance = "stepped" | "stalled" | "trapped";

/** A planted fault: after every step of `frame`, bits of one byte of the state are turned over. */
export interface Fault {
  frame: number;
  offset: number;
  mask: number;
}

/** Hears each step: `resimulated` when the frame had been played before. */
export type StepListener = (frame: number, resimulated: boolean) => void;

/**
 *   state[0] --inputs[0]--> state[1] --inputs[1]--> state[2] ...
 *
 *       confirmedEnd   every input of the frames before it is final
 *       resimulateFrom first frame that was played with an input now known to be wrong; `frame` when none was
 *       frame          next frame to play; the simulation holds state[frame], and slot frame % slots a copy of it
 *
 * Rollback resimulates from the first difference. Lockstep is prediction window 0: never play an unconfirmed frame.
 */
export class Timeline {
  readonly inputs: FinalInputs;
  readonly #simulation: Simulation;
  readonly #window: number;
  readonly #own: number | undefined;
  readonly #played: Uint8Array[];
  readonly #onStep: StepListener | undefined;
  #fault: Fault | undefined;
  #frame = 0;
  #resimulateFrom = 0;
  #playedEnd = 0;
  #trapped = false;
  rollbacks = 0;
  resimulatedFrames = 0;
  /** Frames the last rollback went back. */
  lastDepth = 0;
  worstDepth = 0;

  constructor(options: {
    simulation: Simulation;
    inputs: FinalInputs;
    predictionWindow: number;
    /** The seat whose input is final when sampled, so that the window does not count it. */
    own?: number;
    onStep?: StepListener;
  }) {
    this.#simulation = options.simulation;
    this.inputs = options.inputs;
    this.#window = options.predictionWindow;
    this.#own = options.own;
    this.#onStep = options.onStep;
    // +2: one slot for the state being stepped from, one so that a confirmed state outlives its hash.
    assert(options.simulation.slots >= options.predictionWindow + 2, "the ring outlasts the prediction window");
    this.#played = Array.from({ length: options.simulation.slots }, () => new Uint8Array(options.inputs.recordBytes));
    this.#simulation.save(0);
  }

  get frame(): number {
    return this.#frame;
  }

  /** States up to and including this frame were reached with confirmed inputs only, and will not change again. */
  get settledEnd(): number {
    return Math.min(this.inputs.confirmedEnd, this.#resimulateFrom);
  }

  /** The first frame that the window forbids to play. */
  get windowEnd(): number {
    const confirmed = this.#own === undefined ? this.inputs.confirmedEnd : this.inputs.confirmedEndWithout(this.#own);
    return confirmed + this.#window;
  }

  plant(fault: Fault): void {
    this.#fault = fault;
  }

  /** Compares newly final inputs of a seat, frames [begin, end), with what was played. */
  confirm(seat: number, begin: number, end: number): void {
    const until = Math.min(end, this.#frame);
    for (let frame = begin; frame < until && frame < this.#resimulateFrom; frame++) {
      if (!this.inputs.agrees(seat, frame, this.#played[frame % this.#simulation.slots]!)) {
        this.#resimulateFrom = frame;
        return;
      }
    }
  }

  /** Brings the present up to date with what is confirmed: at most one rollback, however many inputs came. */
  settle(): void {
    const target = this.#frame;
    const from = this.#resimulateFrom;
    this.lastDepth = target - from;
    if (from === target) return;
    assert(this.lastDepth <= this.#simulation.slots - 1, "a rollback stays inside the ring");
    this.#simulation.restore(from % this.#simulation.slots);
    this.#frame = from;
    this.rollbacks += 1;
    this.resimulatedFrames += this.lastDepth;
    this.worstDepth = Math.max(this.worstDepth, this.lastDepth);
    while (this.#frame < target && this.#step() === "stepped");
    this.#resimulateFrom = this.#frame;
  }

  /** Plays one frame, unless the window forbids it. */
  advance(): Advance {
    this.settle();
    if (this.#frame >= this.windowEnd) return "stalled";
    const result = this.#step();
    this.#resimulateFrom = this.#frame;
    return result;
  }

  #step(): Advance {
    const frame = this.#frame;
    const record = this.#played[frame % this.#simulation.slots]!;
    for (let seat = 0; seat < this.inputs.seats; seat++) this.inputs.predict(seat, frame, record);
    if (this.#simulation.step(record) === "trapped") return this.#stepTrapped(frame);
    this.#trapped = false;
    if (this.#fault?.frame === frame) this.#simulation.flip(this.#fault.offset, this.#fault.mask);
    this.#onStep?.(frame, frame < this.#playedEnd);
    this.#frame = frame + 1;
    this.#playedEnd = Math.max(this.#playedEnd, this.#frame);
    this.#simulation.save(this.#frame % this.#simulation.slots);
    return "stepped";
  }

  // A trap in a predicted frame is nobody's error yet: wait until the frame is confirmed or its inputs change.
  #stepTrapped(frame: number): Advance {
    this.#simulation.restore(frame % this.#simulation.slots);
    this.#trapped = frame < this.inputs.confirmedEnd;
    return this.#trapped ? "trapped" : "stalled";
  }

  /** True when the next frame, with all inputs confirmed, cannot be played: the game has failed. */
  get trapped(): boolean {
    return this.#trapped;
  }
}
