// The ways in which a match can fail, each as a trial: plays a tape, and tells where and how it fails, if it does.
import type { WasmSimulation } from "../../simulation/game.js";
import { differences, type FieldDifference } from "../../simulation/schema.js";
import { sameSlot } from "../comparison.js";
import { withoutIndices } from "../named-fields.js";
import { courseOf, type Parting } from "../parting.js";
import { saidBy } from "../side-by-side.js";
import type { Tape } from "./tape.js";

export interface Failure {
  /** "parts": two builds. "stops": a trap. "unstable": played again from a snapshot, another state comes out. */
  readonly kind: "parts" | "stops" | "unstable";
  /** The first wrong frame; of a trap, the frame whose step stops. */
  readonly frame: number;
  /** Frames of inputs after which it shows. */
  readonly needed: number;
  readonly fields: readonly FieldDifference[];
  /** Why the game stops, where it does. */
  readonly trap: string | undefined;
  /** The state that a player has who rolled back to it, of "unstable". */
  readonly state?: Uint8Array;
  readonly parting?: Parting;
}

/** Plays a tape from the start; `played` counts the frames that were simulated. */
export type Trial = (tape: Tape) => { failure: Failure | undefined; played: number };

/** Whether one failure is another's, found in other inputs: the first field that was wrong is, or the same words were said. */
export function sameWay(original: Failure, other: Failure): boolean {
  if (original.kind !== other.kind || wordsOf(original) !== wordsOf(other)) return false;
  const [first] = original.fields;
  if (first === undefined) return other.fields.length === 0;
  return other.fields.some(({ path }) => withoutIndices(path) === withoutIndices(first.path));
}

/** What distinguishes one trap from another, and which side has it. */
function wordsOf({ trap, parting }: Failure): string {
  const both = parting && [parting.before.trap, parting.after.trap].map((each) => each && saidBy(each));
  return JSON.stringify([trap, parting?.kind, both]);
}

/** Fails where the two builds part. */
export function partingTrial(before: WasmSimulation, after: WasmSimulation): Trial {
  return (tape) => {
    const { frames, parting } = courseOf({ played: tape, simulation: before }, { played: tape, simulation: after });
    const played = 2 * (frames + 1);
    if (parting === undefined) return { failure: undefined, played };
    const { frame, step, fields } = parting;
    const needed = step === undefined ? 0 : step + 1;
    return { failure: { kind: "parts", frame, needed, fields, trap: undefined, parting }, played };
  };
}

/** Fails where the game stops. */
export function trapTrial(simulation: WasmSimulation): Trial {
  return (tape) => {
    simulation.reset(tape.config);
    for (let frame = 0; frame < tape.frames; frame++) {
      if (simulation.step(tape.record(frame)) !== "trapped") continue;
      const trap = simulation.trap ?? "unknown";
      return { failure: { kind: "stops", frame, needed: frame + 1, fields: [], trap }, played: frame + 1 };
    }
    return { failure: undefined, played: tape.frames };
  };
}

/**
 * Fails where a run that is rolled back in every frame has another state than one that is played straight through. Both are
 * simulations of one build with a ring of `distance` + 1 slots.
 */
export function rollbackTrial(straight: WasmSimulation, rolling: WasmSimulation, distance: number): Trial {
  return (tape) => {
    const pair = new Rolling(straight, rolling, distance);
    const failure = pair.play(tape);
    return { failure, played: pair.played };
  };
}

class Rolling {
  readonly #straight: WasmSimulation;
  readonly #rolling: WasmSimulation;
  readonly #distance: number;
  played = 0;

  constructor(straight: WasmSimulation, rolling: WasmSimulation, distance: number) {
    this.#straight = straight;
    this.#rolling = rolling;
    this.#distance = distance;
  }

  play(tape: Tape): Failure | undefined {
    for (const simulation of [this.#straight, this.#rolling]) {
      simulation.reset(tape.config);
      simulation.save(0);
    }
    for (let frame = 0; frame < tape.frames; frame++) {
      this.played += 1;
      if (this.#straight.step(tape.record(frame)) === "trapped") return undefined;
      this.#straight.save(this.#slot(frame + 1));
      const failure = this.#again(tape, frame, frame + 1) ?? this.#rollBack(tape, frame + 1);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #rollBack(tape: Tape, end: number): Failure | undefined {
    const begin = Math.max(0, end - this.#distance);
    this.#rolling.restore(this.#slot(begin));
    for (let frame = begin; frame < end; frame++) {
      const failure = this.#again(tape, frame, end);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** One step of the run that is rolled back, held against the straight one. */
  #again(tape: Tape, frame: number, needed: number): Failure | undefined {
    const rolling = this.#rolling;
    const slot = this.#slot(frame + 1);
    this.played += 1;
    if (rolling.step(tape.record(frame)) === "trapped") {
      return { kind: "unstable", frame: frame + 1, needed, fields: [], trap: rolling.trap ?? "unknown" };
    }
    rolling.save(slot);
    if (sameSlot(this.#straight, rolling, slot)) return undefined;
    const [before, after] = [this.#straight.core.slot(slot), rolling.core.slot(slot)];
    const fields = differences(rolling.schema, before, after);
    return { kind: "unstable", frame: frame + 1, needed, fields, trap: undefined, state: after.slice() };
  }

  #slot(frame: number): number {
    return frame % (this.#distance + 1);
  }
}
