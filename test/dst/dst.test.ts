// Deterministic simulation testing: whole matches under bad networks hold, and planted faults do not go unseen.
import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";
import { Crew } from "./crew.js";
import { generate } from "./generate.js";
import { MUTANTS } from "./mutants.js";
import { LAWS } from "./oracles.js";
import { compileGames, type Modules } from "./run.js";
import { read, type Schedule, write } from "./schedule.js";

/** A taste of `npm run dst`, larger in CI. */
const SEEDS = process.env.CI ? 1000 : 100;

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
  it(`hold on ${SEEDS} seeds`, async () => {
    const outcomes = await crew.playSeeds(1, SEEDS);
    const failures = outcomes.filter(({ violations }) => violations.length > 0);
    expect(failures.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
    expect(outcomes.length).toBe(SEEDS);
    // What was exercised, so that green means something.
    const sum = (name: string): number => outcomes.reduce((total, { exercised }) => total + (exercised[name] ?? 0), 0);
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
    ]) {
      expect([often, sum(often) > SEEDS / 20]).toEqual([often, true]);
    }
    for (const seldom of [
      "players 8",
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
    ]) {
      expect([seldom, sum(seldom) > SEEDS / 50]).toEqual([seldom, true]);
    }
  }, 600_000);

  it("are the same for the same seed, in any thread, and from a file", async () => {
    const [a, b] = await Promise.all([crew.play(5), crew.play(5)]);
    const c = await crew.play(read(write(generate(5))));
    const other = await crew.play(6);
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    expect(other.trace).not.toBe(a.trace);
  });

  it("are the same for the players, whoever looks on", async () => {
    expect(await swayed(crew, 12)).toEqual([]);
  }, 120_000);

  it.each(kept)("hold on the schedule %s, which once failed", async (name) => {
    const outcome = await crew.play(read(await readFile(`${KEPT}/${name}`, "utf8")));
    expect(outcome.violations).toEqual([]);
  });
});

/** Seeds of which the players' match is another one when somebody looks on. */
async function swayed(by: Crew, seeds: number): Promise<number[]> {
  const found: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const { players, startWith: _, ...schedule } = generate(seed);
    const seats = players.filter(({ watches }) => watches !== true);
    // Where nobody goes, since a seat comes back at a frame that no guest was promised; nor has to give a guest his state.
    const steady: Schedule = { ...schedule, authority: true, dropAfterMs: 60_000, troubles: [], players: seats };
    const guests = seats.map((plan, i) => ({ ...plan, dice: 100 + i, watches: true }));
    const [alone, watched] = await Promise.all([
      by.play(steady),
      by.play({ ...steady, players: [...seats, ...guests] }),
    ]);
    if (JSON.stringify([watched.violations, watched.played]) !== JSON.stringify([alone.violations, alone.played]))
      found.push(seed);
  }
  return found;
}

describe("the simulation turns red when", () => {
  it("any of its laws is broken: each has a mutant that it has to name", () => {
    expect(new Set(MUTANTS.map(({ oracle }) => oracle))).toEqual(new Set(LAWS));
  });

  it("a match waits for those who look on", async () => {
    const edit = {
      file: "src/sequencer/joining/crowd.ts",
      find: "near.length = 0;",
      replace: "near.length = 0; match.stand(1);",
    };
    const faulty = await Crew.of(await bundle("waits for guests", [edit]), modules, THREADS);
    const found = await swayed(faulty, 4);
    await faulty.end();
    expect(found.length).toBeGreaterThan(0);
  }, 60_000);

  it.each(MUTANTS)(
    "$name",
    async ({ name, oracle, edits }) => {
      const faulty = await Crew.of(await bundle(`mutant ${name}`, edits), modules, THREADS);
      const broken = new Set<string>();
      await faulty.playSeeds(1, SEEDS_PER_MUTANT, ({ violations }) => {
        for (const violation of violations) broken.add(violation.oracle);
        return broken.has(oracle) ? "enough" : "more";
      });
      await faulty.end();
      expect([...broken]).toContain(oracle);
    },
    300_000,
  );
});
