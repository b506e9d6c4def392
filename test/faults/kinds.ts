// The kinds of fault: what is planted, and which verdicts are right about it.
import type { DesyncVerdict } from "../../src/session/evidence/report.js";

export interface Kind {
  /** As the table calls it. */
  readonly title: string;
  readonly games: readonly GameName[];
  /** The ways to plant it, evenly; each with the verdicts that are right, and why no other is. */
  readonly ways: readonly Way[];
  /** It takes rollbacks to show. */
  readonly rollbacks?: true;
}

export interface Way {
  readonly name: WayName;
  readonly verdicts: readonly DesyncVerdict[];
  readonly because: string;
}

export type GameName = "fighter" | "skirmish" | "torture";

export type WayName =
  | "field in the step"
  | "field by the page, each time"
  | "field by the page, once"
  | "bit in the step"
  | "bit, each time"
  | "bit, once"
  | "stale cache"
  | "random drawn"
  | "missing part"
  | "build that lies"
  | "build that tells"
  | "input"
  | "NaN";

const BOTH: readonly GameName[] = ["fighter", "skirmish"];

const IN_STEP = "whoever plays the frame again gets the same wrong state: the step computes it";
const OUTSIDE = "played again from the state before, the frame comes out as it does with the other side";
const RESTORE = "the frame comes out one way in a fresh memory, and another way in the memory that play left";

export const KINDS = {
  field: {
    title: "one field changed",
    games: BOTH,
    ways: [
      { name: "field in the step", verdicts: ["simulation"], because: IN_STEP },
      { name: "field by the page, each time", verdicts: ["host"], because: OUTSIDE },
      { name: "field by the page, once", verdicts: ["host"], because: OUTSIDE },
    ],
  },
  bit: {
    title: "one bit flipped",
    games: BOTH,
    ways: [
      { name: "bit in the step", verdicts: ["simulation"], because: IN_STEP },
      { name: "bit, each time", verdicts: ["host"], because: OUTSIDE },
      { name: "bit, once", verdicts: ["host"], because: OUTSIDE },
    ],
  },
  cache: {
    title: "stale cache",
    games: BOTH,
    ways: [{ name: "stale cache", verdicts: ["restore"], because: RESTORE }],
    rollbacks: true,
  },
  random: {
    title: "random drawn in the view",
    games: BOTH,
    ways: [{ name: "random drawn", verdicts: ["host"], because: OUTSIDE }],
  },
  missing: {
    title: "snapshot misses a part",
    games: BOTH,
    ways: [{ name: "missing part", verdicts: ["restore"], because: RESTORE }],
    rollbacks: true,
  },
  build: {
    title: "differing build",
    games: BOTH,
    ways: [
      { name: "build that lies", verdicts: ["simulation"], because: "nothing but what it computes tells it apart" },
      { name: "build that tells", verdicts: ["build"], because: "the two modules have different hashes" },
    ],
  },
  input: {
    title: "corrupted input",
    games: BOTH,
    ways: [{ name: "input", verdicts: ["protocol"], because: "both computed what they were given" }],
  },
  nan: {
    title: "NaN payload",
    games: ["torture"],
    ways: [{ name: "NaN", verdicts: ["simulation"], because: "an engine that makes such a NaN makes it again" }],
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as KindName[];

export function wayOf(kind: KindName, name: WayName): Way {
  const ways: readonly Way[] = KINDS[kind].ways;
  return ways.find((way) => way.name === name)!;
}
