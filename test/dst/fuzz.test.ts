// Live traffic altered on its way: nothing throws, nobody confirms a wrong input behind a carrier's check, matches recover.
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";
import { fuzz, OPEN_LAWS } from "./fuzz.js";
import { FUZZ_MUTANTS } from "./fuzz-mutants.js";
import { compileGames } from "./modules.js";
import { type Games, loadGames } from "./run.js";

/** A taste of `npm run dst -- --fuzz 1000000`. */
const DATAGRAMS = 150_000;

/** Where carriers forget to check, it shows soon. */
const UNCHECKED = 60_000;

/** So many open matches a mutant may take until it shows. */
const MATCHES_PER_MUTANT = 40;

let games: Games;
beforeAll(async () => {
  games = await loadGames(await compileGames());
});

describe("the fuzzer", () => {
  it(`alters ${DATAGRAMS} datagrams, and matches hold`, async () => {
    const report = await fuzz({ datagrams: DATAGRAMS, first: 1, games });
    expect(report.violations).toEqual([]);
    expect(report.datagrams).toBeGreaterThanOrEqual(DATAGRAMS);
    // Five percent of what came by while anything was altered, and of each part of a session something.
    expect(report.meddled.flipped).toBeGreaterThanOrEqual(0.045 * report.met);
    for (const what of ["truncated", "repeated", "swapped"] as const) {
      expect([what, report.meddled[what] > 0.015 * report.met]).toEqual([what, true]);
    }
    for (const type of ["inputs", "frames", "snapshot", "chunk", "part"]) {
      expect([type, (report.altered[type] ?? 0) > 0]).toEqual([type, true]);
    }
    // Where all are thrown out, nothing is left to hold: in one of five.
    expect(report.fellApart).toBeLessThanOrEqual(0.4 * report.open);
  }, 240_000);

  it("turns red when carriers do not check whose the datagrams are, and what became of them", async () => {
    const report = await fuzz({ datagrams: UNCHECKED, first: 1, games, checked: false });
    const laws = new Set(report.violations.map(({ mode, violation }) => `${mode} ${violation.oracle}`));
    expect([...laws]).toEqual(expect.arrayContaining(["sealed final-inputs", "sealed decoding"]));
    expect([...laws].filter((law) => law.startsWith("open") || law.endsWith("throws"))).toEqual([]);
  }, 120_000);

  it("has a mutant for each law of open matches", () => {
    expect(new Set(FUZZ_MUTANTS.map(({ oracle }) => oracle))).toEqual(new Set(OPEN_LAWS));
  });

  it.each(FUZZ_MUTANTS)(
    "turns red when $name",
    async ({ name, oracle, edits }) => {
      const path = await bundle(`fuzz mutant ${name}`, edits, "test/dst/fuzz.ts");
      const faulty: { fuzz: typeof fuzz } = await import(path);
      const laws = new Set<string>();
      for (let first = 2; first <= 2 * MATCHES_PER_MUTANT && !laws.has(oracle); first += 2) {
        // One match each, an open one.
        const { violations } = await faulty.fuzz({ datagrams: 1, first, games });
        for (const { violation } of violations) laws.add(violation.oracle);
      }
      expect([...laws]).toContain(oracle);
    },
    240_000,
  );
});
