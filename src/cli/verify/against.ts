// A replay under a second build: the first frame, phase and field in which its states part from those of the first.
import { type Parting, parting } from "../../desync/parting.js";
import type { Replay } from "../../replay/format.js";
import type { Difference } from "../../replay/verify.js";
import { type Builds, phasePartingOf, runsOf } from "../two-builds.js";

/** Undefined where they come to the same states. Both fit the replay (`whyUnfit`); what `before` comes to is expected. */
export async function differenceOf(replay: Replay, builds: Builds, phases: boolean): Promise<Difference | undefined> {
  const found = parting(...(await runsOf(replay, builds)));
  if (found === undefined) return undefined;
  const { frame, fields } = found;
  const trap = found.after.trap ?? (found.before.trap && `only the build that recorded it: ${found.before.trap}`);
  const difference = { frame, end: frame + 1, fieldsAt: frame, leaf: undefined, fields: [...fields], trap };
  return phases ? { ...difference, ...phaseOf(found, replay, builds) } : difference;
}

function phaseOf(found: Parting, { config }: Replay, builds: Builds): Partial<Difference> {
  const seen = phasePartingOf(found, config, builds);
  if (seen === undefined) return {};
  const { before, after, phases, fields } = seen;
  return { phase: { before, after, phases }, ...(fields.length > 0 && { fields: [...fields] }) };
}
