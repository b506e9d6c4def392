// Where two runs of a match part: the first frame whose states differ, in which fields, and from what both came there.
import type { FieldDifference } from "../simulation/schema.js";
import { type BothAt, type Compared, type Run, type RunAt, SideBySide } from "./side-by-side.js";

export interface Parting extends Compared {
  /** "trap": one of the two stops in this step, or they stop for different reasons. "start": one does not start at all. */
  readonly kind: "state" | "trap" | "start";
  /** The first frame whose state differs; of a trap, the frame whose step stops. */
  readonly frame: number;
  /** The frame whose step made the difference; undefined where they differ from the start. */
  readonly step: number | undefined;
  /** The inputs of that step, of each run; the same where both play one replay. */
  readonly records: { readonly before: Uint8Array; readonly after: Uint8Array } | undefined;
  /** By path; empty where one of them stops. */
  readonly fields: readonly FieldDifference[];
  /** Both runs at that frame: the state, the state before the step, and the trap. Copies. */
  readonly before: RunAt;
  readonly after: RunAt;
}

/** How far two runs were the same. */
export interface Course extends Compared {
  /** Frames that both played to the same states. */
  readonly frames: number;
  /** Why both stopped behind these frames, where they did. */
  readonly trap: string | undefined;
  readonly parting: Parting | undefined;
}

/**
 * Plays both and stops at the first difference; undefined when there is none in the frames that both have. Both
 * simulations need a ring of two slots. The recorded inputs must mean the same to both builds: `whyUnfit` tells.
 * @throws SamestepError GAME_MISMATCH where the states of the two have nothing in common that could be compared.
 */
export function parting(before: Run, after: Run): Parting | undefined {
  return courseOf(before, after).parting;
}

/** The same, and how far they came when there is no difference. */
export function courseOf(before: Run, after: Run): Course {
  const pair = new SideBySide(before, after);
  let frames = 0;
  for (const moment of pair.moments()) {
    const parting = moment.differs && partingAt(moment, pair);
    if (parting !== undefined) return { frames, trap: undefined, parting, ...pair.compared };
    if (moment.before.trap !== undefined)
      return { frames, trap: moment.before.trap, parting: undefined, ...pair.compared };
    frames = moment.frame;
  }
  return { frames, trap: undefined, parting: undefined, ...pair.compared };
}

/** What is told of a moment that differs; all of it copied. */
export function partingAt(moment: BothAt, pair: SideBySide): Parting {
  const { differs, frame, records } = moment;
  const trapped = differs === "trap";
  return {
    kind: trapped ? (frame === 0 ? "start" : "trap") : "state",
    frame: trapped ? Math.max(0, frame - 1) : frame,
    step: frame === 0 ? undefined : frame - 1,
    records: records && { before: records.before.slice(), after: records.after.slice() },
    fields: pair.fields(moment),
    before: kept(moment.before),
    after: kept(moment.after),
    ...pair.compared,
  };
}

function kept({ state, start, trap }: RunAt): RunAt {
  return { state: state?.slice(), start: start?.slice(), trap };
}
