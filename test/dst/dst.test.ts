// Deterministic simulation testing: whole matches under bad networks hold, and planted faults do not go unseen.
import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";
import { Crew } from "./crew.js";
import { generate, returning } from "./generate.js";
import { crowded, influence, unwatched } from "./influence.js";
import { compileGames } from "./modules.js";
import { MUTANTS } from "./mutants.js";
import { LAWS } from "./oracles.js";
import type { Modules } from "./run.js";
import { read, type Schedule, seatsOf, write } from "./schedule.js";

/** A taste of `npm run dst`, larger in CI. */
const SEEDS = process.env.CI ? 1000 : 100;

/** All of them in five minutes, on two threads. */
const SEEDS_MS = 300_000;

/** Of matches with somebody who looks on so many are also played without. */
const WATCHED = process.env.CI ? 40 : 8;

/** A mutant may need its rare case: a lockstep match on the shortest ring is one seed in fifteen. */
const SEEDS_PER_MUTANT = 200;

const THREADS = 2;
const KEPT = "fixtures/seeds";
const kept = (await readdir(KEPT)).filter((name) => name.endsWith(".json")).sort();

let modules: Modules;
let crew: Crew;
beforeAll(async () => {
  modules = await compileGames();
  crew = await Crew.of(await bundle("worker"), modules, THREADS);
}, 60_000);
afterAll(() => crew.end());

describe("matches in virtual time", () => {
  it(
    `hold on ${SEEDS} seeds`,
    async () => {
      const outcomes = await crew.playSeeds(1, SEEDS);
      const failures = outcomes.filter(({ violations }) => violations.length > 0);
      expect(failures.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
      expect(outcomes.length).toBe(SEEDS);
      // What was exercised, so that green means something.
      const sum = (name: string): number =>
        outcomes.reduce((total, { exercised }) => total + (exercised[name] ?? 0), 0);
      expect(sum("rollbacks")).toBeGreaterThan(100 * SEEDS);
      expect(sum("stalls")).toBeGreaterThan(10 * SEEDS);
      expect(sum("lost")).toBeGreaterThan(10 * SEEDS);
      expect(sum("faults found")).toBeGreaterThan(SEEDS / 10);
      for (const often of [
        "lockstep",
        "cut",
        "storm",
        "pause",
        "rebind",
        "game parley",
        "seats left",
        "substitute",
        "delays changed",
        "authority",
        "guests",
        "replaced",
        "stream",
        "bad spells",
        "skewed clocks",
        "old datagrams",
      ]) {
        expect([often, sum(often) > SEEDS / 20]).toEqual([often, true]);
      }
      for (const seldom of [
        "8 players or more",
        "quiet",
        "slow",
        "undrained",
        "sleep",
        "jump",
        "leave",
        "kill",
        "came late",
        "game scroll",
        "more than 8 players",
        "partitions",
      ]) {
        expect([seldom, sum(seldom) > SEEDS / 50]).toEqual([seldom, true]);
      }
      expect(sum("quiet silences")).toBeGreaterThanOrEqual(SEEDS / 100);
    },
    SEEDS_MS,
  );

  it("hold when somebody is dropped, and comes back", async () => {
    const outcomes = await crew.playSeeds(1, SEEDS / 5, undefined, returning);
    expect(outcomes.filter(({ violations }) => violations.length > 0)).toEqual([]);
    expect(outcomes.filter(({ exercised }) => (exercised["old datagrams"] ?? 0) > 0).length).toBeGreaterThan(
      SEEDS / 20,
    );
  }, 240_000);

  it("are the same for the same seed, in any thread, and from a file", async () => {
    const [a, b] = await Promise.all([crew.play(5), crew.play(5)]);
    const c = await crew.play(read(write(generate(5))));
    const other = await crew.play(6);
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    expect(other.trace).not.toBe(a.trace);
  });

  it("are the same for the players, whoever looks on", async () => {
    expect(await swayed(crew, schedulesWithGuests(WATCHED))).toEqual([]);
  }, 240_000);

  it.each(kept)("hold on the schedule %s, which once failed", async (name) => {
    const outcome = await crew.play(read(await readFile(`${KEPT}/${name}`, "utf8")));
    expect(outcome.violations).toEqual([]);
  });
});

/** Half of them with whatever goes wrong, and half in which nobody goes, and many look on. */
function schedulesWithGuests(count: number): Schedule[] {
  const seeds = Array.from({ length: 20 * count }, (_, seed) => generate(seed + 1));
  const troubled = seeds.filter((schedule) => schedule.players.length > seatsOf(schedule));
  const short = seeds.filter(({ game, players }) => players.length <= 4 && (game === "fighter" || game === "scramble"));
  const steady = short.map((schedule, i) => crowded(schedule, i % 2 === 0));
  return [...troubled.slice(0, count / 2), ...steady.slice(0, count / 2)];
}

/** Matches of the players that are other ones when somebody looks on. */
async function swayed(by: Crew, schedules: readonly Schedule[]): Promise<string[]> {
  const found: string[] = [];
  for (const schedule of schedules) {
    const [alone, watched] = await Promise.all([by.play(unwatched(schedule)), by.play(schedule)]);
    const how = influence(alone.played, watched.played);
    if (how !== undefined) found.push(`seed ${schedule.seed}: ${how}`);
    for (const { oracle, text } of watched.violations) found.push(`seed ${schedule.seed}: ${oracle}: ${text}`);
  }
  return found;
}

/** What those who look on may do to a match, and where it shows. */
const INFLUENCES = [
  {
    name: "a match waits for those who look on",
    shows: "other figures",
    edit: {
      file: "src/sequencer/joining/crowd.ts",
      find: "near.length = 0;",
      replace: "near.length = 0; match.stand(1);",
    },
  },
  {
    name: "whoever comes to look on changes the input delay",
    shows: "other hashes",
    edit: {
      file: "src/sequencer/joining/reception.ts",
      find: "seat.watches = true;",
      replace: "seat.watches = true; if (match.started) match.delay(match.promisedEnd, (match.inputDelay + 1) & 7);",
    },
  },
];

describe("the simulation turns red when", () => {
  it("any of its laws is broken: each has a mutant that it has to name", () => {
    expect(new Set(MUTANTS.map(({ oracle }) => oracle))).toEqual(new Set(LAWS));
  });

  it.each(INFLUENCES)(
    "$name",
    async ({ name, shows, edit }) => {
      const faulty = await Crew.of(await bundle(name, [edit]), modules, THREADS);
      const found = await swayed(faulty, schedulesWithGuests(8));
      await faulty.end();
      expect(found.join()).toContain(shows);
    },
    120_000,
  );

  it.each(MUTANTS)(
    "$name",
    async ({ name, oracle, text = /./, from = 1, scheduled, edits }) => {
      const faulty = await Crew.of(await bundle(`mutant ${name}`, edits), modules, THREADS);
      const said: string[] = [];
      await faulty.playSeeds(
        from,
        SEEDS_PER_MUTANT,
        ({ violations }) => {
          for (const violation of violations) if (violation.oracle === oracle) said.push(violation.text);
          return said.some((each) => text.test(each)) ? "enough" : "more";
        },
        scheduled,
      );
      await faulty.end();
      expect(
        said.filter((each) => text.test(each)),
        said.join(),
      ).not.toEqual([]);
    },
    300_000,
  );
});
