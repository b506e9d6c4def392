// The first number of a frame that two builds compute otherwise, or the first thing that only one of them does.
import type { Counterparts } from "./counterparts.js";
import type { Trace } from "./trace.js";

export interface FirstValue {
  /**
   * "value": both compute it, and come to different numbers. "code": one of them, or both, run a line that the other has
   * otherwise. "way": the same until here, and then they go different ways.
   */
  readonly kind: "value" | "code" | "way";
  /** Indices in the traces; undefined where only the other one did something. */
  readonly here: number | undefined;
  readonly there: number | undefined;
}

interface Run {
  readonly trace: Trace;
  readonly counterparts: Counterparts;
}

/** What a trace has in common with the other one: instructions that both builds have. */
interface Common {
  readonly trace: Trace;
  readonly length: number;
  /** Where each stands in the trace, and which instruction it is, for both builds. */
  readonly indices: Uint32Array;
  readonly names: Uint32Array;
  /** What a changed line did before it that the other build cannot know, by the place among these. */
  readonly changed: ReadonlyMap<number, number>;
}

/** Compilers put the operands of one expression in another order; further apart nothing is taken for the same. */
const SHUFFLED_MAX = 8;

export function firstDifferingValue(here: Run, there: Run): FirstValue | undefined {
  const [a, b] = [commonOf(here), commonOf(there)];
  const length = Math.max(a.length, b.length);
  for (let at = 0; at <= length; ) {
    const same = sameFrom(a, b, at);
    at += same;
    if (same > 0) continue;
    const [changedHere, changedThere] = [a.changed.get(at), b.changed.get(at)];
    if (changedHere !== undefined || changedThere !== undefined)
      return { kind: "code", here: changedHere, there: changedThere };
    if (at >= length) return undefined;
    const [mine, yours] = [a.indices[at], b.indices[at]];
    if (at < a.length && at < b.length && a.names[at] === b.names[at])
      return { kind: "value", here: mine, there: yours };
    // What they last agreed on, or what one of them did since without the other knowing it, decided where to go.
    return { kind: "way", here: before(a, at), there: before(b, at) };
  }
  return undefined;
}

function commonOf({ trace, counterparts }: Run): Common {
  const [indices, names] = [new Uint32Array(trace.length), new Uint32Array(trace.length)];
  const changed = new Map<number, number>();
  let length = 0;
  for (let index = 0; index < trace.length; index++) {
    const site = trace.sites[index]!;
    const name = counterparts.known.get(site);
    if (name !== undefined) {
      indices[length] = index;
      names[length++] = name;
    } else if (counterparts.changed.has(site) && !changed.has(length)) changed.set(length, index);
  }
  return { trace, length, indices, names, changed };
}

/** How many from here on are the same in both, if only in another order; 0 at the first that differs. */
function sameFrom(a: Common, b: Common, at: number): number {
  const most = Math.min(SHUFFLED_MAX, a.length - at, b.length - at);
  const left: string[] = [];
  for (let k = 0; k < most; k++) {
    if (k === 0 && isSame(a, b, at)) return 1;
    for (const [one, sign] of [
      [textOf(a, at + k), "+"],
      [textOf(b, at + k), "-"],
    ] as const) {
      const pair = left.indexOf((sign === "+" ? "-" : "+") + one);
      if (pair >= 0) left.splice(pair, 1);
      else left.push(sign + one);
    }
    if (left.length === 0) return k + 1;
  }
  return 0;
}

function isSame(a: Common, b: Common, at: number): boolean {
  const [i, j] = [a.indices[at]!, b.indices[at]!];
  return a.names[at] === b.names[at] && a.trace.lows[i] === b.trace.lows[j] && a.trace.highs[i] === b.trace.highs[j];
}

function textOf({ names, indices, trace }: Common, at: number): string {
  const index = indices[at]!;
  return `${names[at]} ${trace.lows[index]} ${trace.highs[index]}`;
}

function before({ indices, length, trace }: Common, at: number): number | undefined {
  const index = at < length ? indices[at]! : trace.length;
  return index > 0 ? index - 1 : undefined;
}
