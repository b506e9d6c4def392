// So many faults, each tried until it shows, and so many matches without any: what all of them came to.
import type { Crew } from "./crew.js";
import type { Outcome } from "./outcome.js";
import { faultTask, type Task } from "./plan.js";

/** Tries until one shows: what only a rollback brings out may take many. */
export const ATTEMPTS_MAX = 60;

export interface Numbers {
  faults: number;
  clean: number;
  first: number;
  /** Tries of each fault at most. */
  attempts: number;
}

export interface Results {
  /** Shown ones, and tries that never showed, by fault. */
  faults: Outcome[];
  clean: Outcome[];
}

export async function campaign(
  crew: Crew,
  { faults, clean, first, attempts }: Numbers,
  tell: (outcome: Outcome) => void = () => {},
): Promise<Results> {
  const results: Results = { faults: [], clean: [] };
  let fault = 0;
  let seed = 0;
  const keep = (outcome: Outcome, into: Outcome[]): void => {
    into.push(outcome);
    tell(outcome);
  };
  await crew.each(async () => {
    if (fault < faults) {
      for (const outcome of await untilShown(crew, faultTask(first, fault++), attempts)) keep(outcome, results.faults);
      return "more";
    }
    if (seed >= clean) return "enough";
    keep(await crew.play({ type: "clean", seed: first + seed++ }), results.clean);
    return "more";
  });
  return results;
}

async function untilShown(crew: Crew, task: Task & { type: "fault" }, attempts: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const outcome = await crew.play({ ...task, attempt });
    outcomes.push(outcome);
    if (outcome.fate === "shown") break;
  }
  return outcomes;
}
