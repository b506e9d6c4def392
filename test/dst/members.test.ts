// Matches without a server, whose pages vanish, sleep, part and hand over: they hold, and planted faults do not go unseen.
import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SEATS_MAX } from "../../src/wire/limits.js";
import { bundle } from "./bundle.js";
import { Crew } from "./crew.js";
import { MEMBERS_MUTANTS } from "./members-mutants.js";
import { MEMBERS_LAWS } from "./members-oracles.js";
import { generateMembers, readMembers, writeMembers } from "./members-schedule.js";
import { compileGames } from "./modules.js";
import type { Modules } from "./run.js";

/** A taste of `npm run dst -- --members`, larger in CI. */
const SEEDS = process.env.CI ? 200 : 40;
const SEEDS_PER_MUTANT = 100;
const THREADS = 2;
const WORKER = "test/dst/members-worker.ts";
const KEPT = "fixtures/seeds/members";
const kept = (await readdir(KEPT)).sort();

let modules: Modules;
let crew: Crew;
beforeAll(async () => {
  modules = await compileGames();
  crew = await Crew.of(await bundle("members", [], WORKER), modules, THREADS);
});
afterAll(() => crew.end());

describe("matches without a server", () => {
  it(`hold on ${SEEDS} seeds`, async () => {
    const outcomes = await crew.playSeeds(1, SEEDS);
    const failures = outcomes.filter(({ violations }) => violations.length > 0);
    expect(failures.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
    // What was exercised, so that green means something.
    const sum = (name: string): number => outcomes.reduce((total, { exercised }) => total + (exercised[name] ?? 0), 0);
    for (const often of [
      ...["hand-overs", "handOver", "part", "pause", "kill", "leave", "suspended", "came in again"],
      ...["guests", "came late", "before the start", "views", "cut one way", "bad spells", "storm", "slow", "jump"],
      ...["undrained", "rebind"],
    ]) {
      expect([often, sum(often) > SEEDS / 10]).toEqual([often, true]);
    }
    for (const seldom of ["reload", "waited for ever"]) expect([seldom, sum(seldom) > 0]).toEqual([seldom, true]);
    // In CI so many pages as there may be, and each number below; of a taste only the first of those of many.
    for (let pages = 2; pages <= (process.env.CI ? SEATS_MAX : 7); pages++)
      expect([`pages ${pages}`, sum(`pages ${pages}`) > 0]).toEqual([`pages ${pages}`, true]);
  }, 600_000);

  it("are the same for the same seed, and from a file", async () => {
    const [a, b] = await Promise.all([crew.play(7), crew.play(readMembers(writeMembers(generateMembers(7))))]);
    expect(b).toEqual(a);
  });

  it.each(kept)("hold on the schedule %s, which once failed", async (name) => {
    const outcome = await crew.play(readMembers(await readFile(`${KEPT}/${name}`, "utf8")));
    expect(outcome.violations).toEqual([]);
  });
});

describe("the simulation of members turns red when", () => {
  it("any of its laws is broken: each has a mutant that it has to name", () => {
    expect(new Set(MEMBERS_MUTANTS.map(({ oracle }) => oracle))).toEqual(new Set(MEMBERS_LAWS));
  });

  it.each(MEMBERS_MUTANTS)(
    "$name",
    async ({ name, oracle, text = /./, edits }) => {
      const faulty = await Crew.of(await bundle(`mutant ${name}`, edits, WORKER), modules, THREADS);
      const said: string[] = [];
      await faulty.playSeeds(1, SEEDS_PER_MUTANT, ({ violations }) => {
        for (const violation of violations) if (violation.oracle === oracle) said.push(violation.text);
        return said.some((each) => text.test(each)) ? "enough" : "more";
      });
      await faulty.end();
      expect(
        said.filter((each) => text.test(each)),
        said.join(),
      ).not.toEqual([]);
    },
    300_000,
  );
});
