// The timeline: what was played against what is confirmed, and the rollback between the two.
import { assert } from "../../assert.js";
import { type Simulation, SLOTS_SPARSE, type StepResult } from "../../simulation/simulation.js";
import type { FinalInputs } from "../inputs/final-inputs.js";

export type Advance = "stepped" | "stalled" | "trapped";

/** A planted fault: after every step of `frame`, bits of one byte of the state are turned over. */
export interface Fault {
  frame: number;
  offset: number;
  mask: number;
}

/** Hears each step: `resimulated` when the frame had been played before. */
export type StepListener = (frame: number, resimulated: boolean) => void;

/** Hears each frame once, in order, when its inputs are final and its state, in its slot, will not change again. */
export type SettledListener = (frame: number) => void;

/** Hears each rollback: frames [from, to) are about to be played again. */
export type RollbackListener = (from: number, to: number) => void;

/**
 * With so many confirmed frames waiting, a sparse timeline goes back for them; so right predictions cost a rollback now
 * and then and not in every frame. The distance of hash reports, which so come two or three frames later than they could.
 */
export const SPARSE_WAIT_FRAMES = 4;

/**
 *   state[0] --inputs[0]--> state[1] --inputs[1]--> state[2] ...
 *
 *       confirmedEnd   every input of the frames before it is final
 *       resimulateFrom first frame that was played with an input now known to be wrong; `frame` when none was
 *       frame          next frame to play; the simulation holds state[frame]
 *       savedEnd       the newest state that has a snapshot, in slot savedEnd % slots
 *
 * Rollback resimulates from the first difference. Lockstep is prediction window 0: never play an unconfirmed frame.
 * Dense (states as they usually are): every state is saved, so savedEnd is `frame`. Sparse (very large states): only
 * confirmed states are, so a rollback always begins at the newest of them.
 */
export class Timeline {
  readonly inputs: FinalInputs;
  readonly #simulation: Simulation;
  readonly #window: number;
  readonly #own: number | undefined;
  readonly #ownReach: number;
  readonly #onStep: StepListener | undefined;
  readonly #onSettled: SettledListener | undefined;
  readonly #onRollback: RollbackListener | undefined;
  #fault: Fault | undefined;
  #frame: number;
  #resimulateFrom: number;
  #playedEnd: number;
  #savedEnd: number;
  #toldEnd: number;
  #trapped = false;
  /** The present frame trapped with what is known, and nothing new has become known since. */
  #stuck = false;
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
    own?: number | undefined;
    /** Frames that may be played beyond what is final of our own inputs. By default any: they are final when sampled. */
    ownReach?: number | undefined;
    /** The first frame played here; its state comes by `load` then. By default 0, and the state that the simulation has. */
    begin?: number;
    onStep?: StepListener;
    onSettled?: SettledListener;
    onRollback?: RollbackListener;
  }) {
    this.#simulation = options.simulation;
    this.inputs = options.inputs;
    this.#window = options.predictionWindow;
    this.#own = options.own;
    this.#ownReach = options.ownReach ?? Infinity;
    this.#onStep = options.onStep;
    this.#onSettled = options.onSettled;
    this.#onRollback = options.onRollback;
    const { slots, sparse } = options.simulation;
    assert(slots >= slotsNeeded(options.predictionWindow, sparse), "the ring outlasts the prediction window");
    const { begin = 0 } = options;
    this.#frame = begin;
    this.#resimulateFrom = begin;
    this.#playedEnd = begin;
    this.#savedEnd = begin;
    this.#toldEnd = begin;
    this.#simulation.save(begin % slots);
  }

  /** The state of the first frame, before anything is played. */
  load(state: Uint8Array): void {
    assert(this.#frame === this.#playedEnd && this.#toldEnd === this.#frame, "a state is loaded before the first step");
    this.#simulation.load(state);
    this.#simulation.save(this.#frame % this.#simulation.slots);
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
    return Math.min(
      this.#othersWindowEnd,
      this.#own === undefined ? Infinity : this.inputs.end(this.#own) + this.#ownReach,
    );
  }

  get #othersWindowEnd(): number {
    return this.inputs.confirmedEndWithout(this.#own) + this.#window;
  }

  /** Whether a settled state is still in its slot. */
  holds(frame: number): boolean {
    const { slots, sparse } = this.#simulation;
    // After a rollback that a trap ended, slots beyond the present hold what was played before.
    const newest = sparse ? this.#savedEnd : this.#playedEnd;
    return frame > newest - slots && frame <= Math.min(newest, this.settledEnd);
  }

  plant(fault: Fault): void {
    this.#fault = fault;
  }

  /** Newly final inputs of a seat, frames [begin, end): were they played as they are? */
  confirm(seat: number, begin: number, end: number): void {
    this.#stuck = false;
    const until = Math.min(end, this.#resimulateFrom);
    if (begin >= until) return;
    const surprise = this.inputs.surprise(seat, begin, until);
    if (surprise < until) this.#resimulateFrom = surprise;
  }

  /** An input of our own turned out to be another one than was played. */
  correct(frame: number): void {
    this.#stuck = false;
    this.#resimulateFrom = Math.min(this.#resimulateFrom, frame);
  }

  /** Brings the present up to date with what is confirmed: at most one rollback, however many inputs came. */
  settle(): void {
    const target = this.#frame;
    const from = this.#simulation.sparse ? this.#sparseReturn() : this.#resimulateFrom;
    this.lastDepth = target - from;
    if (from < target) this.#resimulate(from, target);
    this.#tell();
  }

  /** Where a sparse timeline goes back to: nowhere while all was right and little waits. */
  #sparseReturn(): number {
    const waiting = Math.min(this.inputs.confirmedEnd, this.#frame) - this.#savedEnd;
    const right = this.#resimulateFrom === this.#frame;
    return right && waiting < SPARSE_WAIT_FRAMES ? this.#frame : this.#savedEnd;
  }

  #resimulate(from: number, target: number): void {
    assert(this.#simulation.sparse || target - from < this.#simulation.slots, "a rollback stays inside the ring");
    this.#simulation.restore(from % this.#simulation.slots);
    this.#onRollback?.(from, target);
    this.#goBack(from);
    this.rollbacks += 1;
    this.resimulatedFrames += target - from;
    this.worstDepth = Math.max(this.worstDepth, target - from);
    while (this.#frame < target && this.#step() === "stepped");
  }

  #goBack(frame: number): void {
    this.#frame = frame;
    this.#resimulateFrom = frame;
    this.#savedEnd = frame;
  }

  /** The state of a settled frame was another one than ours: takes it over, and plays from there to the present again. */
  adopt(frame: number, state: Uint8Array): void {
    assert(frame <= this.settledEnd && frame <= this.#frame, "what is taken over was settled");
    const target = this.#frame;
    this.#simulation.load(state);
    this.#simulation.save(frame % this.#simulation.slots);
    this.#goBack(frame);
    this.#toldEnd = frame;
    this.#trapped = false;
    this.#stuck = false;
    while (this.#frame < target && this.#step() === "stepped");
  }

  /** Plays one frame, unless the window forbids it. */
  advance(): Advance {
    this.settle();
    if (this.#stuck || this.#frame >= this.windowEnd) return "stalled";
    return this.#step();
  }

  #step(): Advance {
    const frame = this.#frame;
    const simulation = this.#simulation;
    if (this.#play(frame) === "trapped") return this.#stepTrapped(frame);
    this.#onStep?.(frame, frame < this.#playedEnd);
    const end = frame + 1;
    this.#frame = end;
    this.#resimulateFrom = end;
    if (end > this.#playedEnd) this.#playedEnd = end;
    const confirmed = frame < this.inputs.confirmedEnd;
    // Sparse: a state without its forerunners would leave a gap in what is told.
    if (!simulation.sparse || (confirmed && this.#savedEnd === frame)) {
      simulation.save(end % simulation.slots);
      this.#savedEnd = end;
    }
    if (confirmed) this.#tell(); // before a later step overwrites the slot
    return "stepped";
  }

  #play(frame: number): StepResult {
    const simulation = this.#simulation;
    this.inputs.write(frame, simulation.inputs);
    const result = simulation.step();
    if (this.#fault?.frame === frame) simulation.flip(this.#fault.offset, this.#fault.mask);
    return result;
  }

  #tell(): void {
    const end = Math.min(this.settledEnd, this.#savedEnd + 1);
    for (; this.#toldEnd < end; this.#toldEnd++) this.#onSettled?.(this.#toldEnd);
  }

  // A trap in a predicted frame is nobody's error yet: wait until the frame is confirmed or its inputs change.
  #stepTrapped(frame: number): Advance {
    this.#simulation.restore(this.#savedEnd % this.#simulation.slots);
    for (let again = this.#savedEnd; again < frame; again++) this.#play(again);
    this.#trapped = frame < this.inputs.confirmedEnd;
    this.#stuck = !this.#trapped;
    return this.#trapped ? "trapped" : "stalled";
  }

  /** True when the next frame, with all inputs confirmed, cannot be played: the game has failed. */
  get trapped(): boolean {
    return this.#trapped;
  }
}

/** Snapshots that a match with this window needs. */
export function slotsNeeded(predictionWindow: number, sparse: boolean): number {
  // +2: one for the state being stepped from, one so that a confirmed state outlives its hash.
  return sparse ? SLOTS_SPARSE : predictionWindow + 2;
}

/** Frames that a rollback goes back at most: the window, and what a sparse timeline let wait before it. */
export function rollbackDepthMax(predictionWindow: number): number {
  return predictionWindow + SPARSE_WAIT_FRAMES - 1;
}

/** Without a ring that sets a limit: half a second at 60, more than the slowest echo of a playable path. */
const SPARSE_REACH = 30;

/**
 * Under `substitute` our own inputs are guesses until they are echoed. That takes a round trip and not a way, so they may
 * be as far behind as the ring can take us back; in lockstep nothing may be a guess.
 */
export function ownReachMax(predictionWindow: number, slots: number, sparse: boolean): number {
  if (predictionWindow === 0) return 0;
  return sparse ? SPARSE_REACH : slots - 2;
}
