// Whose fault it is, in kind: what two sides' exhibits come to, the same whoever asks.
import { AUTHORITY } from "../../wire/limits.js";
import type { DesyncSide, DesyncVerdict, Differs } from "./report.js";

export interface Classified {
  verdict: DesyncVerdict;
  /** In a sentence. */
  why: string;
}

/** What stands in a report where a frame that is played again comes to no state. */
export const TRAPPED_WORD = "trapped";
export const UNRESTORED_WORD = "unrestored";

/** Takes the two in any order: the verdict is the same. */
export function classify(differs: Differs, [a, b]: readonly [DesyncSide, DesyncSide]): Classified {
  switch (differs) {
    case "inputs":
      return is("protocol", "both computed what they were given, and they were given different inputs");
    case "chain":
      return is("chain", "states and inputs are equal, and a hash chain was told that is not theirs");
    case "state":
      return ofState(a, b);
    default:
      return differs satisfies never;
  }
}

function ofState(a: DesyncSide, b: DesyncSide): Classified {
  const builds = a.identity && b.identity && buildDifference(a.identity, b.identity);
  if (builds !== undefined) return is("build", `the two do not run the same: ${builds}`);
  if (a.identity === undefined && b.identity === undefined)
    return is("unknown", `what kind of fault it is, ${names([a, b])} know: they make the report`);
  if (a.rerun === undefined || b.rerun === undefined) {
    const silent = [a, b].filter(({ rerun }) => rerun === undefined).map(nameOf);
    return is("unknown", `${silent.join(" and ")} could not play the frame again`);
  }
  const forgetful = [a, b].filter(({ rerun }) => [rerun!.clean, ...rerun!.again].includes(UNRESTORED_WORD));
  if (forgetful.length > 0)
    return is("restore", `on ${names(forgetful)} a snapshot that is given back is not the state that was saved`);
  const unstable = [a, b].filter(({ rerun }) => rerun!.again.some((hash) => hash !== rerun!.clean));
  if (unstable.length > 0)
    return is(
      "restore",
      `on ${names(unstable)} the step comes out otherwise when only the snapshot is given back: something outside of it matters`,
    );
  const broken = [a, b].filter(({ rerun, hash }) => rerun!.clean !== hash);
  if (broken.length === 0)
    return is("simulation", "both play the frame again as they did, from the same state and inputs, and differ");
  if (a.rerun.clean === b.rerun.clean && a.rerun.clean !== TRAPPED_WORD)
    return is(
      "host",
      `both come to the same when they play the frame again; ${names(broken)} had something else before`,
    );
  return is("restore", `${names(broken)} can't play the frame again as it did`);
}

function is(verdict: DesyncVerdict, why: string): Classified {
  return { verdict, why };
}

const IDENTITIES = ["game", "schema", "core", "config"] as const;

function buildDifference(
  a: NonNullable<DesyncSide["identity"]>,
  b: NonNullable<DesyncSide["identity"]>,
): string | undefined {
  const name = IDENTITIES.find((each) => a[each] !== b[each]);
  return name && `${name} ${a[name]} and ${b[name]}`;
}

/** As people call a party; seats count from 0, as in the report. */
export function nameOf({ party }: { party: number }): string {
  return party === AUTHORITY ? "the server" : `seat ${party}`;
}

function names(sides: DesyncSide[]): string {
  return sides.map(nameOf).join(" and ");
}
