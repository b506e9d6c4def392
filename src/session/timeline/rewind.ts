// What a spectator can look back at: a whole state now and then, all inputs since, and a place in it that he looks at.
import type { Simulation } from "../../simulation/simulation.js";
import type { FinalInputs } from "../inputs/final-inputs.js";
import type { Timeline } from "./timeline.js";

/** Frames between whole states: to look at a frame takes half as many steps on average. */
const STRETCH_FRAMES = 60;

/** Bytes kept: at 4 KiB of state an hour and more, at 256 KiB two minutes. */
const BYTES_MAX = 32 * 1024 * 1024;

/** Frames played in one tick while looking back: more than pass in any. */
const STEPS_PER_TICK_MAX = 16;

/** A state, and the inputs of the frames from it on. */
interface Stretch {
  frame: number;
  state: Uint8Array;
  records: Uint8Array;
  count: number;
}

/**
 * The match goes on meanwhile: in each tick the simulation is first what it is now, and when that has been played it
 * becomes what is looked at.
 */
export class Rewind {
  readonly #simulation: Simulation;
  readonly #inputs: FinalInputs;
  readonly #frameMs: number;
  readonly #stretches: Stretch[] = [];
  /** Set once there is one. */
  timeline: Timeline | undefined;
  #shown: { frame: number; state: Uint8Array } | undefined;
  #playing = true;
  #playedAt: number | undefined;

  constructor(simulation: Simulation, inputs: FinalInputs, frameMs: number) {
    this.#simulation = simulation;
    this.#inputs = inputs;
    this.#frameMs = frameMs;
  }

  /** The oldest frame that can be looked at. */
  get begin(): number {
    return this.#stretches[0]?.frame ?? 0;
  }

  /** The end of those frames: where the match is. */
  get end(): number {
    const last = this.#stretches.at(-1);
    return last === undefined ? 0 : last.frame + last.count;
  }

  /** The frame that is looked at; undefined: the present. */
  get frame(): number | undefined {
    return this.#shown?.frame;
  }

  /** The state of `frame` lies in its slot, and its inputs are final. */
  settled(frame: number): void {
    const { recordBytes } = this.#inputs;
    let last = this.#stretches.at(-1);
    if (last === undefined || last.count === STRETCH_FRAMES) {
      const state = this.#simulation.copy(frame % this.#simulation.slots);
      last = { frame, state, records: new Uint8Array(STRETCH_FRAMES * recordBytes), count: 0 };
      this.#stretches.push(last);
      const most = Math.max(2, Math.floor(BYTES_MAX / (state.length + last.records.length)));
      if (this.#stretches.length > most) this.#stretches.shift();
    }
    last.records.set(this.#inputs.record(frame), last.count * recordBytes);
    last.count += 1;
  }

  /** Looks at a frame, as near as it is held, and plays on from there. Answers which. */
  seek(frame: number): number {
    const target = Math.max(this.begin, Math.min(frame, this.end));
    if (target === this.end) {
      this.live();
      return target;
    }
    const stretch = this.#stretchOf(target);
    this.#play({ frame: stretch.frame, state: stretch.state }, target);
    this.#playedAt = undefined;
    return target;
  }

  /** Holds the frame that is looked at; the present cannot be held, so it is what is looked at from now on. */
  pause(): void {
    this.#playing = false;
    if (this.#shown === undefined && this.end > this.begin) this.seek(this.end - 1);
  }

  play(): void {
    this.#playing = true;
    this.#playedAt = undefined;
  }

  /** Back to the present. */
  live(): void {
    this.suspend();
    this.#shown = undefined;
    this.#playing = true;
  }

  /** The simulation is again what it is now: the match goes on. */
  suspend(): void {
    if (this.#shown !== undefined) this.#simulation.restore(this.timeline!.frame % this.#simulation.slots);
  }

  /** The match has gone on: the simulation becomes what is looked at. Answers its frame, if it is not the present. */
  show(now: number): number | undefined {
    const shown = this.#shown;
    if (shown === undefined) return undefined;
    this.#playedAt ??= now;
    const passed = this.#playing ? Math.floor((now - this.#playedAt) / this.#frameMs) : 0;
    if (!this.#playing) this.#playedAt = now;
    const target = Math.min(shown.frame + passed, shown.frame + STEPS_PER_TICK_MAX);
    if (target >= this.end) {
      this.#shown = undefined; // played up to the present
      return undefined;
    }
    this.#playedAt += passed * this.#frameMs;
    if (target > shown.frame) this.#play(shown, target);
    else this.#simulation.load(shown.state);
    return target;
  }

  #stretchOf(frame: number): Stretch {
    return this.#stretches[Math.floor((frame - this.begin) / STRETCH_FRAMES)]!;
  }

  /** From one state to that of `target`, which is what is looked at then. */
  #play(from: { frame: number; state: Uint8Array }, target: number): void {
    const simulation = this.#simulation;
    const { recordBytes } = this.#inputs;
    simulation.load(from.state);
    for (let { frame } = from; frame < target; frame++) {
      const stretch = this.#stretchOf(frame);
      const at = (frame - stretch.frame) * recordBytes;
      simulation.step(stretch.records.subarray(at, at + recordBytes));
    }
    // The slot that the next frame takes holds nothing that is needed.
    const spare = (this.timeline!.frame + 1) % simulation.slots;
    simulation.save(spare);
    this.#shown = { frame: target, state: simulation.copy(spare) };
  }
}
