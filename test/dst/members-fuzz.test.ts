// Live traffic between pages altered on its way: nothing throws, and behind a carrier's check every law of members holds.
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";
import { fuzzMembers } from "./members-fuzz.js";
import { compileGames } from "./modules.js";
import { type Games, loadGames } from "./run.js";

/** A taste of what is altered; `npm run dst -- --members` plays more matches, and alters nothing. */
const DATAGRAMS = 150_000;

/** Where carriers forget to check, or what is not understood is thrown, it shows soon. */
const SOON = 60_000;

let games: Games;
beforeAll(async () => {
  games = await loadGames(await compileGames());
});

describe("the fuzzer of members", () => {
  it(`alters ${DATAGRAMS} datagrams, and pages play on together`, async () => {
    const report = await fuzzMembers({ datagrams: DATAGRAMS, first: 1, games });
    expect(report.violations).toEqual([]);
    expect(report.meddled.flipped).toBeGreaterThanOrEqual(0.045 * report.met);
    for (const what of ["truncated", "repeated", "swapped"] as const) {
      expect([what, report.meddled[what] > 0.015 * report.met]).toEqual([what, true]);
    }
    expect(report.met).toBeGreaterThan(0.3 * report.datagrams);
    // Of what is said of hand-overs, some in every match.
    expect(report.ofElections).toBeGreaterThan(report.matches);
  }, 240_000);

  it("turns red when carriers do not check whose the datagrams are, and what became of them", async () => {
    const { violations } = await fuzzMembers({ datagrams: SOON, first: 1, games, only: "sealed", checked: false });
    const laws = new Set(violations.map(({ violation }) => violation.oracle));
    expect(laws).toContain("sound");
    expect(laws).not.toContain("throws");
  }, 120_000);

  it("turns red when a page throws what it does not understand", async () => {
    const edit = {
      file: "src/member/member.ts",
      find: "|| !this.#hearsay.reaches(peer, latestIn(epoch, message), now)) {\n      this.strays += 1;",
      replace: '|| !this.#hearsay.reaches(peer, latestIn(epoch, message), now)) {\n      throw new Error("stray");',
    };
    const path = await bundle("members fuzz mutant", [edit], "test/dst/members-fuzz.ts");
    const faulty: { fuzzMembers: typeof fuzzMembers } = await import(path);
    const { violations } = await faulty.fuzzMembers({ datagrams: SOON, first: 2, games, only: "open" });
    expect(new Set(violations.map(({ violation }) => violation.oracle))).toContain("throws");
  }, 120_000);
});
