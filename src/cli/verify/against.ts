// A replay under a second build: the first frame, phase and field in which its states part from those of the first.
import { type Parting, parting } from "../../desync/parting.js";
import type { Replay } from "../../replay/format.js";
import type { Difference } from "../../replay/verify.js";
import type { Game } from "../../simulation/game.js";
import { phasePartingOf } from "../parting-phase.js";

/** The ring that a run side by side with another needs. */
const SLOTS = 2;

/** Two builds, both of which fit the replay (`whyUnfit`). */
export interface Builds {
  /** What it comes to is expected. */
  recorded: Game;
  other: Game;
}

/** Undefined where they come to the same states. */
export async function differenceOf(replay: Replay, builds: Builds, phases: boolean): Promise<Difference | undefined> {
  const { recorded, other } = builds;
  const [before, after] = await Promise.all([recorded, other].map((game) => game.simulation({ slots: SLOTS })));
  const found = parting({ played: replay, simulation: before! }, { played: replay, simulation: after! });
  if (found === undefined) return undefined;
  const { frame, fields } = found;
  const trap = found.after.trap ?? (found.before.trap && `only the build that recorded it: ${found.before.trap}`);
  const difference = { frame, end: frame + 1, fieldsAt: frame, leaf: undefined, fields: [...fields], trap };
  return phases ? { ...difference, ...phaseOf(found, replay, builds) } : difference;
}

function phaseOf(found: Parting, { config }: Replay, { recorded, other }: Builds): Partial<Difference> {
  const seen = phasePartingOf(found, config, { before: recorded, after: other });
  if (seen === undefined) return {};
  const { before, after, phases, fields } = seen;
  return { phase: { before, after, phases }, ...(fields.length > 0 && { fields: [...fields] }) };
}
