// Two builds over one match: to be played side by side, and the phase of the step in which they part.

import { type PhaseParting, phaseParting } from "../desync/blame/phases.js";
import { sidesOf } from "../desync/blame/sides.js";
import type { Parting } from "../desync/parting.js";
import type { Played, Run } from "../desync/side-by-side.js";
import { SamestepError } from "../error.js";
import type { PhaseSeen } from "../replay/verify.js";
import type { Game } from "../simulation/game.js";
import type { MatchConfig } from "../wire/match-config.js";

/** The ring that a run side by side with another needs. */
const SLOTS = 2;

export interface Builds {
  readonly before: Game;
  readonly after: Game;
}

/** What is compared: each build over the same inputs. */
export async function runsOf(played: Played, { before, after }: Builds): Promise<[Run, Run]> {
  return Promise.all([runOf(played, before), runOf(played, after)]);
}

export async function runOf(played: Played, game: Game): Promise<Run> {
  return { played, simulation: await game.simulation({ slots: SLOTS }) };
}

/** Undefined where the step marks no phases, or writes more than a log holds: then the frame and the field must do. */
export function phaseOf(parting: Parting, config: MatchConfig, builds: Builds): PhaseSeen | undefined {
  const found = phasePartingOf(parting, config, builds);
  if (found === undefined || found.phases === 0) return undefined;
  const { before, after, phases } = found;
  return { before, after, phases };
}

/** The same with the fields that differ at its end, and also where the step marks no phases. */
export function phasePartingOf(parting: Parting, config: MatchConfig, builds: Builds): PhaseParting | undefined {
  if (parting.step === undefined) return undefined;
  try {
    return phaseParting(sidesOf(parting, config, builds));
  } catch (error) {
    if (error instanceof SamestepError) return undefined;
    throw error;
  }
}
