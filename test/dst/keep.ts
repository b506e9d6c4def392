// The two kinds of matches that are played by seed, and how a failing one of either is made small and kept as a file.
import { mkdir, writeFile } from "node:fs/promises";
import { bundle } from "./bundle.js";
import type { Crew } from "./crew.js";
import { generate } from "./generate.js";
import { generateMembers, type MembersSchedule, readMembers, writeMembers } from "./members-schedule.js";
import { shrinkMembers } from "./members-shrink.js";
import type { Outcome } from "./run.js";
import { read, type Schedule, write } from "./schedule.js";
import { type Fails, type Shrunk, shrink } from "./shrink.js";

/** A failure as its law words it, whatever its figures. */
function wording({ violations }: Outcome): string[] {
  return violations.map(({ oracle, text }) => `${oracle}: ${text.replaceAll(/\d+/g, "#")}`);
}

/** One kind of match: who plays it, and how its schedules come about, are read, made small, and kept. */
export interface Kind<S> {
  worker: () => Promise<string>;
  generate: (seed: number) => S;
  read: (text: string) => S;
  shrink: (failing: S, fails: Fails<S>) => Promise<Shrunk<S>>;
  write: (schedule: S) => string;
  folder: string;
  /** What asks for it on the command line. */
  flag: string;
}

export const WITH_A_SERVER: Kind<Schedule> = {
  ...{ generate, read, shrink, write, folder: "fixtures/seeds", flag: "" },
  worker: () => bundle("worker"),
};
export const WITHOUT_A_SERVER: Kind<MembersSchedule> = {
  ...{ generate: generateMembers, read: readMembers, shrink: shrinkMembers, write: writeMembers },
  ...{ folder: "fixtures/seeds/members", flag: "--members " },
  worker: () => bundle("members", [], "test/dst/members-worker.ts"),
};

/** Makes a failing schedule small, and keeps it in the folder of its kind, or in another one; answers where. */
export async function keepSmall<S extends Schedule | MembersSchedule>(
  crew: Crew,
  outcome: Outcome,
  kind: Kind<S>,
  folder = kind.folder,
): Promise<string> {
  const failure = wording(outcome)[0]!;
  const fails = async (schedule: S): Promise<boolean> => wording(await crew.play(schedule)).includes(failure);
  const { schedule } = await kind.shrink(kind.generate(outcome.seed), fails);
  const path = `${folder}/${outcome.violations[0]!.oracle}-${outcome.seed}.json`;
  await mkdir(folder, { recursive: true });
  await writeFile(path, kind.write(schedule));
  return path;
}
