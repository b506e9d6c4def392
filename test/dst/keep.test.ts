// What becomes of a failing seed: a file of a schedule that is smaller, and fails again by the same law when it is played.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { bundle } from "./bundle.js";
import { Crew } from "./crew.js";
import { type Kind, keepSmall, WITH_A_SERVER, WITHOUT_A_SERVER } from "./keep.js";
import { MEMBERS_MUTANTS } from "./members-mutants.js";
import type { MembersSchedule } from "./members-schedule.js";
import { compileGames } from "./modules.js";
import { MUTANTS, type Mutant } from "./mutants.js";
import type { Outcome } from "./run.js";
import type { Schedule } from "./schedule.js";

/** A fault shows on one of the first. */
const SEEDS = 200;

let folder: string;
let crew: Crew;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "samestep-keep-"));
});
afterEach(async () => {
  await crew.end();
  await rm(folder, { recursive: true });
});

interface Planted<S> {
  mutant: Mutant;
  kind: Kind<S>;
  /** Of the threads' program. */
  entry: string;
}

/** Keeps the first seed that a planted fault makes fail, and holds the file against what it came from. */
async function expectKept<S extends Schedule | MembersSchedule>({ mutant, kind, entry }: Planted<S>): Promise<void> {
  const { oracle, from = 1, edits } = mutant;
  const modules = await compileGames();
  crew = await Crew.of(await bundle(`keep ${oracle}`, edits, entry), modules, 2);
  const breaks = ({ violations }: Outcome): boolean => violations[0]?.oracle === oracle;
  const outcomes = await crew.playSeeds(from, SEEDS, (outcome) => (breaks(outcome) ? "enough" : "more"));
  const outcome = outcomes.find(breaks)!;
  const name = `${oracle}-${outcome.seed}.json`;
  expect(await keepSmall(crew, outcome, kind, folder)).toBe(join(folder, name));
  expect(await readdir(folder)).toEqual([name]);
  const text = await readFile(join(folder, name), "utf8");
  const again = await crew.play(kind.read(text));
  expect(again.violations.map((violation) => violation.oracle)).toContain(oracle);
  expect(text.length).toBeLessThan(kind.write(kind.generate(outcome.seed)).length);
  await crew.end();
  // Nothing but the fault makes it fail.
  crew = await Crew.of(await bundle("keep", [], entry), modules, 1);
  expect((await crew.play(kind.read(text))).violations).toEqual([]);
}

it("of a match with a server is kept small, and fails again", async () => {
  const mutant = MUTANTS.find(({ oracle }) => oracle === "window")!;
  await expectKept({ mutant, kind: WITH_A_SERVER, entry: "test/dst/worker.ts" });
}, 240_000);

it("of a match without a server is kept small, and fails again", async () => {
  const mutant = MEMBERS_MUTANTS.find(({ oracle }) => oracle === "stays")!;
  await expectKept({ mutant, kind: WITHOUT_A_SERVER, entry: "test/dst/members-worker.ts" });
}, 240_000);
