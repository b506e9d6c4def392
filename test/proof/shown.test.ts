// Why the proof refuses what it refuses: each hostile module that can run is run, and does what its first lines say.
import { beforeAll, describe, expect, test } from "vitest";
import { certify } from "../../src/proof/certificate.js";
import { assembleText, CORPUS } from "./corpus.js";
import { Shells } from "./shells.js";
import { IN_SHELLS, SHOWS } from "./shows.js";

/** A game like those of the corpus that breaks no rule: it counts, and adds two NaNs, whose bits nobody sees. */
const PROVEN = {
  name: "proven",
  profile: "arena",
  bytes: assembleText(
    "proven.wat",
    `(module
      (memory (export "memory") 1 1)
      (func (export "init"))
      (func (export "step")
        (local $sum f32)
        (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
        (i32.const 1028)
        (f32.add (f32.load (i32.const 0)) (f32.load (i32.const 4)))
        (local.tee $sum)
        (f32.const nan)
        (local.get $sum)
        (local.get $sum)
        (f32.eq)
        (select)
        (f32.store)))`,
  ),
};

const shells = new Shells();

beforeAll(async () => {
  await shells.play([PROVEN, ...CORPUS.filter(({ shown }) => shown !== undefined && IN_SHELLS.has(shown.how))]);
}, 120_000);

describe("is shown:", () => {
  const shown = CORPUS.flatMap((each) => (each.shown === undefined ? [] : [[each.name, each, each.shown] as const]));
  test.for(shown)("%s", async ([, hostile, { how, what }], { skip }) => {
    const show = SHOWS[how];
    if (show === undefined) throw new Error(`'${how}' is no way to show it: one of ${Object.keys(SHOWS).join(", ")}`);
    const outcomes = await show(hostile, shells);
    if ("skipped" in outcomes) return skip(outcomes.skipped);
    expect(new Set(outcomes).size, `${what}; all came out as ${outcomes[0]}`).toBeGreaterThan(1);
  });
});

describe("a module that breaks no rule comes out the same, shown by", () => {
  test.for(Object.keys(SHOWS))("%s", async (how, { skip }) => {
    expect(certify(PROVEN.bytes).findings).toEqual([]);
    const outcomes = await SHOWS[how]!(PROVEN, shells);
    if ("skipped" in outcomes) return skip(outcomes.skipped);
    expect(new Set(outcomes).size, outcomes.join(" ")).toBe(1);
  });
});

describe("each module", () => {
  test.each(CORPUS.map((each) => [each.name, each] as const))("%s is shown, or says why not", (_, each) => {
    expect([each.shown, each.notShown].filter((said) => said !== undefined)).toHaveLength(1);
    if (each.notShown === "no engine compiles it") expect(WebAssembly.validate(each.bytes as BufferSource)).toBe(false);
  });
});
