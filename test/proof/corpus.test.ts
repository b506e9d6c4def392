// Hostile modules, one for each reason there is: each is refused for its reason and for no other; and the games are not.
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { certify } from "../../src/proof/certificate.js";
import { type Finding, RULES } from "../../src/proof/finding.js";
import { OBSERVERS } from "../../src/proof/floats.js";
import { DISPUTED, HIDDEN_STATE } from "../../src/proof/opcodes.js";
import { CORPUS, type Reason } from "./corpus.js";

/** Reasons that were never reached, and findings that nobody foretold. */
function difference(reasons: readonly Reason[], findings: readonly Finding[]): string[] {
  const fits = (reason: Reason, finding: Finding) =>
    finding.rule === reason.rule && finding.message.includes(reason.message);
  const missing = reasons.filter((reason) => !findings.some((finding) => fits(reason, finding)));
  const others = findings.filter((finding) => !reasons.some((reason) => fits(reason, finding)));
  return [
    ...missing.map(({ rule, message }) => `never reached: ${rule} ${message}`),
    ...others.map(({ rule, message }) => `not foretold: ${rule} ${message}`),
  ];
}

describe("refused for its reason, and for nothing else:", () => {
  test.each(CORPUS.map((each) => [each.name, each] as const))("%s", (_, { bytes, profile, refused, noticed }) => {
    const { ok, findings, notices } = certify(bytes, profile);
    expect(refused.length + noticed.length, "it says what for").toBeGreaterThan(0);
    expect(difference(refused, findings)).toEqual([]);
    expect(difference(noticed, notices)).toEqual([]);
    expect(ok).toBe(refused.length === 0);
  });
});

describe("the corpus has a module for", () => {
  const reasons = CORPUS.flatMap(({ refused }) => refused);

  test.each(RULES)("the rule %s", (rule) => {
    expect(reasons.map((reason) => reason.rule)).toContain(rule);
  });

  test("every instruction that changes what no snapshot holds, that shows a NaN, or that engines dispute anywhere", () => {
    const known = [...HIDDEN_STATE.values(), ...[...OBSERVERS.values()].map(({ name }) => name), ...DISPUTED.values()];
    const told = reasons.map(({ message }) => message.split(" ")[0]);
    expect(known.filter((name) => !told.includes(name))).toEqual([]);
  });
});

test.each(["fighter", "skirmish"])("%s: every obligation is proven", async (name) => {
  const { ok, obligations } = certify(await readFile(`build/games/${name}.wasm`));
  expect(ok).toBe(true);
  expect(obligations.filter(({ verdict }) => verdict !== "proven")).toEqual([]);
});
