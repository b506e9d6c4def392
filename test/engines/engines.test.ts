// Every instruction that the proof lets through, in every compiler of three browsers' engines: the same bits. Games: test/matrix.
import { describe, expect, test } from "vitest";
import { prove } from "../../src/proof/proof.js";
import { canonical } from "../../src/toolchain/canonical.js";
import { absent, playEverywhere, present } from "./engines.js";
import {
  INSTRUCTIONS,
  INSTRUCTIONS_REGIONS,
  instructionsModule,
  KNOWN_NAMES,
  KNOWN_REGIONS,
  knownOperandsModule,
  PIECE_BYTES,
} from "./instructions.js";
import type { Run } from "./play.js";

const SEED = 0x5a3e57e9;

const names = present.map(({ name }) => name);
const fast = present.filter((shell) => !shell.emulated);
const emulated = present.filter((shell) => shell.emulated);
const missing = absent.filter((shell) => !shell.emulated);

/** The pieces of the state that some engine computes otherwise than the first one. */
async function differing(
  wasm: Uint8Array,
  match: Pick<Run, "frames" | "regions">,
  pieceNames: readonly string[],
  shells = present,
): Promise<string[]> {
  const hashes = await playEverywhere(wasm, { ...match, players: 1, seed: SEED, pieceBytes: PIECE_BYTES }, shells);
  const first = hashes.get(names[0]!)!;
  return [...hashes].flatMap(([engine, pieces]) =>
    pieceNames.filter((_, i) => pieces[i] !== first[i]).map((name) => `${name} in ${engine}`),
  );
}

test("the engines", () => {
  for (const { name, install } of absent) console.warn(`not run: ${name}; ${install}`);
  if (process.env.CI) expect(missing).toEqual([]);
  expect(names).toContain("V8, baseline only");
});

describe(`in ${names.join("; ")}`, () => {
  test("every float instruction that the proof lets through gives the same bits, for zeros, infinities, NaNs and all", async () => {
    const wasm = instructionsModule();
    expect(prove(wasm).findings).toEqual([]);
    const tried = INSTRUCTIONS.map(({ name }) => name);
    expect(await differing(wasm, { frames: 3000, regions: INSTRUCTIONS_REGIONS }, tried)).toEqual([]);
  });

  test.skipIf(missing.length > 0)("engines do dispute some whose operands they know", async () => {
    const match = { frames: 1500, regions: KNOWN_REGIONS };
    const found = await differing(knownOperandsModule(), match, KNOWN_NAMES, fast);
    for (const disputed of ["fd 52 of a last constant", "76 of constants", "98 of a last constant", "a6 of a last"])
      expect(found.join("\n")).toContain(disputed);
  });

  test("and every instruction whose operands a compiler may know", async () => {
    const { wasm } = canonical(knownOperandsModule());
    expect(prove(wasm).findings).toEqual([]);
    expect(await differing(wasm, { frames: 1500, regions: KNOWN_REGIONS }, KNOWN_NAMES, fast)).toEqual([]);
  });

  // Emulated, a frame takes twenty times as long.
  test.skipIf(emulated.length === 0)(
    "on another processor as well",
    async () => {
      const { wasm } = canonical(knownOperandsModule());
      const shells = [fast[0]!, ...emulated];
      expect(await differing(wasm, { frames: 200, regions: KNOWN_REGIONS }, KNOWN_NAMES, shells)).toEqual([]);
    },
    180_000,
  );
});
