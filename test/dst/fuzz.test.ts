// Live traffic altered on its way: nothing throws, nobody confirms a wrong input behind a carrier's check, matches recover.
import { beforeAll, describe, expect, it } from "vitest";
import { fuzz } from "./fuzz.js";
import { compileGames, type Games, loadGames } from "./run.js";

/** A taste of `npm run dst -- --fuzz 1000000`. */
const DATAGRAMS = 30_000;

let games: Games;
beforeAll(async () => {
  games = await loadGames(await compileGames());
});

describe("the fuzzer", () => {
  it(`alters ${DATAGRAMS} datagrams, and matches hold`, async () => {
    const report = await fuzz({ datagrams: DATAGRAMS, first: 1, games });
    expect(report.lines.slice(0, -1)).toEqual([]);
    expect(report.datagrams).toBeGreaterThanOrEqual(DATAGRAMS);
    expect(report.meddled.flipped).toBeGreaterThan(DATAGRAMS / 50);
    for (const what of ["truncated", "repeated", "swapped"] as const) {
      expect(report.meddled[what]).toBeGreaterThan(DATAGRAMS / 200);
    }
  }, 120_000);

  it("turns red when carriers do not check whose the datagrams are, and what became of them", async () => {
    const report = await fuzz({ datagrams: DATAGRAMS, first: 1, games, checked: false });
    const laws = new Set(report.violations.map(({ mode, violation }) => `${mode} ${violation.oracle}`));
    expect([...laws]).toEqual(expect.arrayContaining(["sealed final-inputs", "sealed decoding"]));
    expect([...laws].filter((law) => law.startsWith("open") || law.endsWith("throws"))).toEqual([]);
  }, 120_000);
});
