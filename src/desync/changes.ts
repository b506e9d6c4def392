// What another build makes of a recorded match, from beginning to end: the regression test of a change of rules.
import type { FieldDifference } from "../simulation/schema.js";
import { withoutIndices } from "./named-fields.js";
import { type Parting, partingAt } from "./parting.js";
import { type BothAt, type Compared, type Run, SideBySide } from "./side-by-side.js";

/** A field, or a field of many elements: at how many of the moments it differed, and in how many elements in all. */
export interface Often {
  /** `units.x[]` where there are several. */
  readonly path: string;
  readonly moments: number;
  readonly elements: number;
}

export interface Changes extends Compared {
  /** Frames that both played; fewer than were recorded where one of them stopped. */
  readonly frames: number;
  /** States that differ, of `frames` and the one before the first. */
  readonly differing: number;
  readonly parting: Parting | undefined;
  /** How often fields were compared from the parting on: at it, once a second, and at the end. */
  readonly moments: number;
  /** Most often first. */
  readonly often: readonly Often[];
  /** The last state that both came to. */
  readonly end: { readonly frame: number; readonly fields: readonly FieldDifference[] };
  /** Why each stopped before the match was over. */
  readonly traps: { readonly before: string | undefined; readonly after: string | undefined };
}

/**
 * Plays both to the end, whatever differs. Both simulations need a ring of two slots.
 * @throws SamestepError GAME_MISMATCH where the states of the two have nothing in common that could be compared.
 */
export function changesOf(before: Run, after: Run): Changes {
  const pair = new SideBySide(before, after);
  const often = new Frequencies();
  const every = before.played.config.framesPerSecond;
  const last = Math.min(before.played.frames, after.played.frames);
  const traps = { before: undefined as string | undefined, after: undefined as string | undefined };
  const end = { frame: 0, fields: [] as readonly FieldDifference[] };
  let parting: Parting | undefined;
  let differing = 0;
  let moments = 0;
  for (const moment of pair.moments()) {
    const { frame, differs } = moment;
    traps.before = moment.before.trap;
    traps.after = moment.after.trap;
    if (differs !== undefined) parting ??= partingAt(moment, pair);
    if (moment.before.state === undefined || moment.after.state === undefined) {
      // What both came to last lies in the moment before this one: it is compared once more, from where both stepped.
      end.fields = fieldsBefore(moment, pair);
      continue;
    }
    end.frame = frame;
    if (differs === "state") differing += 1;
    if (parting === undefined || (frame !== parting.frame && frame % every !== 0 && frame !== last)) continue;
    moments += 1;
    end.fields = differs === undefined ? [] : pair.fields(moment);
    often.add(end.fields);
  }
  return { frames: end.frame, differing, parting, moments, often: often.ranked(), end, traps, ...pair.compared };
}

function fieldsBefore({ before, after }: BothAt, pair: SideBySide): readonly FieldDifference[] {
  if (before.start === undefined || after.start === undefined || pair.comparison === undefined) return [];
  if (pair.comparison.equal(before.start, after.start)) return [];
  return pair.comparison.differences(before.start, after.start);
}

class Frequencies {
  readonly #counts = new Map<string, { moments: number; paths: Set<string> }>();

  /** What differs at one moment. */
  add(fields: readonly FieldDifference[]): void {
    const seen = new Set<string>();
    for (const { path } of fields) {
      const name = withoutIndices(path);
      const count = this.#counts.get(name) ?? { moments: 0, paths: new Set() };
      if (!seen.has(name)) count.moments += 1;
      seen.add(name);
      count.paths.add(path);
      this.#counts.set(name, count);
    }
  }

  ranked(): Often[] {
    const all = [...this.#counts].map(([name, { moments, paths }]) => {
      const [only] = paths;
      return { path: paths.size === 1 ? only! : name, moments, elements: paths.size };
    });
    return all.sort((a, b) => b.moments - a.moments || (a.path < b.path ? -1 : 1));
  }
}
