// Deterministic simulation testing: whole matches under bad networks hold, and planted faults do not go unseen.
import { describe, expect, it } from "vitest";
import { MUTANTS, mutate } from "./mutants.js";
import { loadGames, runSeed, runSeeds } from "./run.js";

/** CI plays what the issue asks for; a person's machine a taste of it. */
const SEEDS = process.env.CI ? 200 : 60;

/** A mutant may need its rare case: a lockstep match on the shortest ring is one seed in fifteen. */
const SEEDS_PER_MUTANT = 120;

describe("matches in virtual time", () => {
  it(`hold on ${SEEDS} seeds`, async () => {
    const summary = await runSeeds({ first: 1, seeds: SEEDS });
    expect(summary.failures).toEqual([]);
    expect(summary.passed).toBe(SEEDS);
    // What was exercised, so that green means something.
    expect(summary.rollbacks).toBeGreaterThan(50 * SEEDS);
    expect(summary.stalls).toBeGreaterThan(SEEDS);
    expect(summary.faultsFound).toBeGreaterThan(SEEDS / 10);
  }, 600_000);

  it("give the same match for the same seed", async () => {
    const games = await loadGames();
    const [[a], [b]] = [await runSeed(5, games), await runSeed(5, games)];
    expect(a.testimonies).toEqual(b.testimonies);
    expect(a.endedAt).toBe(b.endedAt);
  });
});

describe("the simulation turns red when", () => {
  it.each(MUTANTS)(
    "$name",
    async (mutant) => {
      const { loadGames, violationsOf } = await mutate(mutant);
      const games = await loadGames();
      for (let seed = 1; seed <= SEEDS_PER_MUTANT; seed++) {
        if ((await violationsOf(seed, games)).length > 0) return;
      }
      expect.fail(`${SEEDS_PER_MUTANT} seeds did not notice`);
    },
    300_000,
  );
});
