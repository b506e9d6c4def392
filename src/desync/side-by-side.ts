// Two runs of a match, played side by side: two builds over the same inputs, or one build over two recordings.
import { SamestepError } from "../error.js";
import type { WasmSimulation } from "../simulation/game.js";
import type { FieldDifference } from "../simulation/schema.js";
import type { MatchConfig } from "../wire/match-config.js";
import { Comparison, sameSlot } from "./comparison.js";

/** What was played: a replay is one, and so is a tape. */
export interface Played {
  readonly config: MatchConfig;
  readonly cellBytes: number;
  readonly frames: number;
  /** The inputs of each frame, borrowed until the next. */
  records(): Iterator<Uint8Array, undefined>;
}

/** Who plays it: a simulation with a ring of two slots or more. */
export interface Run {
  readonly played: Played;
  readonly simulation: WasmSimulation;
}

/** One run at a frame. */
export interface RunAt {
  /** Undefined where it stopped before this frame. Borrowed until the next but one. */
  readonly state: Uint8Array | undefined;
  /** The state that was stepped from, in this build's layout; undefined at frame 0. */
  readonly start: Uint8Array | undefined;
  /** Why there is no state. */
  readonly trap: string | undefined;
}

/** What of the states was compared. */
export interface Compared {
  /** "fields": the builds lay their state out otherwise, so that only fields which both have were compared. */
  readonly comparedBy: "bytes" | "fields";
  /** Fields that only one build has, `units[].target`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

export interface BothAt {
  readonly frame: number;
  /** Each run's inputs of the step that led here; undefined at frame 0. Borrowed. */
  readonly records: { readonly before: Uint8Array; readonly after: Uint8Array } | undefined;
  readonly before: RunAt;
  readonly after: RunAt;
  /** What differs. Both having stopped is no difference. */
  readonly differs: "state" | "trap" | undefined;
}

/** Two slots, used in turn, so that the state stepped from outlives the step. */
const SLOTS = 2;

export class SideBySide {
  readonly #before: Run;
  readonly #after: Run;
  #comparison: Comparison | undefined;

  constructor(before: Run, after: Run) {
    this.#before = before;
    this.#after = after;
    for (const { simulation } of [before, after]) {
      if (simulation.slots < SLOTS) throw new SamestepError("BAD_USAGE", `a run needs ${SLOTS} slots or more`);
    }
  }

  /** How states are compared: known from the first moment on, where both runs start. */
  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  get compared(): Compared {
    const { by = "bytes", onlyBefore = [], onlyAfter = [] } = this.#comparison ?? {};
    return { comparedBy: by, onlyBefore, onlyAfter };
  }

  /**
   * Every frame that the shorter run has, from state 0 on; over early when one of them stops.
   * @throws SamestepError GAME_MISMATCH where the states have nothing in common.
   */
  *moments(): Generator<BothAt, undefined> {
    const [before, after] = [new Runner(this.#before), new Runner(this.#after)];
    const frames = Math.min(this.#before.played.frames, this.#after.played.frames);
    for (let frame = 0; frame <= frames; frame++) {
      const a = before.go(frame);
      const b = after.go(frame);
      const records = frame === 0 ? undefined : { before: before.record!, after: after.record! };
      yield { frame, records, before: a, after: b, differs: this.#differs(frame, a, b) };
      if (a.state === undefined || b.state === undefined) return;
    }
  }

  fields({ before, after }: BothAt): FieldDifference[] {
    if (before.state === undefined || after.state === undefined) return [];
    return this.#comparison!.differences(before.state, after.state);
  }

  #differs(frame: number, before: RunAt, after: RunAt): "state" | "trap" | undefined {
    if (before.state === undefined && after.state === undefined) {
      return saidBy(before.trap!) === saidBy(after.trap!) ? undefined : "trap";
    }
    if (before.state === undefined || after.state === undefined) return "trap";
    this.#comparison ??= new Comparison(
      sampleOf(this.#before.simulation, before.state),
      sampleOf(this.#after.simulation, after.state),
    );
    const { by } = this.#comparison;
    const simulations = [this.#before.simulation, this.#after.simulation] as const;
    const equal =
      by === "bytes" ? sameSlot(...simulations, frame % SLOTS) : this.#comparison.equal(before.state, after.state);
    return equal ? undefined : "state";
  }
}

function sampleOf({ schema, gameHash }: WasmSimulation, state: Uint8Array) {
  return { schema, gameHash, state };
}

/** A trap's own words, without the place: another build has the same assertion on another line. */
export function saidBy(trap: string): string {
  return trap.replace(/ \([^()]*:\d+:\d+\)$/, "");
}

/** Goes through one run, frame by frame. */
class Runner {
  readonly #run: Run;
  readonly #records: Iterator<Uint8Array, undefined>;
  record: Uint8Array | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#records = run.played.records();
  }

  go(frame: number): RunAt {
    const { simulation, played } = this.#run;
    const trap = frame === 0 ? startOf(simulation, played) : this.#step();
    const start = frame === 0 ? undefined : simulation.core.slot((frame - 1) % SLOTS);
    if (trap !== undefined) return { state: undefined, start, trap };
    simulation.save(frame % SLOTS);
    return { state: simulation.core.slot(frame % SLOTS), start, trap: undefined };
  }

  #step(): string | undefined {
    const { simulation } = this.#run;
    this.record = this.#records.next().value;
    return simulation.step(this.record) === "trapped" ? (simulation.trap ?? "unknown") : undefined;
  }
}

/** Why the game does not start with the match's settings; undefined when it does. */
function startOf(simulation: WasmSimulation, { config }: Played): string | undefined {
  try {
    simulation.reset(config);
    return undefined;
  } catch (error) {
    if (error instanceof SamestepError && error.code === "BAD_CONFIG") return error.message;
    throw error;
  }
}
