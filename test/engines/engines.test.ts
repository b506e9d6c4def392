// One state everywhere: what the proof promises, run in every compiler of three browsers' engines.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { prove } from "../../src/proof/proof.js";
import { readSchema } from "../../src/simulation/schema.js";
import { compile, compileGame } from "../../src/toolchain/build.js";
import { canonical } from "../../src/toolchain/canonical.js";
import { REPOSITORY } from "../toolchain/project.js";
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

const TORTURE = join(REPOSITORY, "test/games/torture.ts");
const SEED = 0x5a3e57e9;

const names = present.map(({ name }) => name);

async function playGame(wasm: Uint8Array, frames: number): Promise<Map<string, string[]>> {
  const { regions } = readSchema(wasm);
  return playEverywhere(wasm, { frames, players: 2, seed: SEED, pieceBytes: 8, regions });
}

/** The pieces of the state that some engine computes otherwise than the first one. */
async function differing(
  wasm: Uint8Array,
  match: Pick<Run, "frames" | "regions">,
  pieceNames: readonly string[],
): Promise<string[]> {
  const hashes = await playEverywhere(wasm, { ...match, players: 1, seed: SEED, pieceBytes: PIECE_BYTES });
  const first = hashes.get(names[0]!)!;
  return [...hashes].flatMap(([engine, pieces]) =>
    pieceNames.filter((_, i) => pieces[i] !== first[i]).map((name) => `${name} in ${engine}`),
  );
}

/** Engines by what they computed. */
function parties(hashes: Map<string, string[]>): string[][] {
  const sides = new Map<string, string[]>();
  for (const [name, pieces] of hashes) sides.set(`${pieces}`, [...(sides.get(`${pieces}`) ?? []), name]);
  return [...sides.values()];
}

test("the engines", () => {
  for (const { name, path } of absent) console.warn(`not run: ${name}, there is no ${path}`);
  if (process.env.CI) expect(absent).toEqual([]);
  expect(names).toContain("V8, baseline only");
});

describe(`in ${names.join("; ")}`, () => {
  test("a game of NaNs has the same states", async () => {
    const { wasm } = await compileGame({ entry: TORTURE });
    expect(parties(await playGame(wasm, 200))).toEqual([names]);
  });

  test("and has not when the compiler's module is taken as it is: the engines do differ", async () => {
    const { wasm } = await compile({ entry: TORTURE });
    expect(parties(await playGame(wasm, 200)).length).toBeGreaterThan(1);
  });

  test("the fighter has the same states", async () => {
    const wasm = await readFile("build/games/fighter.wasm");
    expect(parties(await playGame(wasm, 600))).toEqual([names]);
  });

  test("every float instruction that the proof lets through gives the same bits, for zeros, infinities, NaNs and all", async () => {
    const wasm = instructionsModule();
    expect(prove(wasm).findings).toEqual([]);
    const tried = INSTRUCTIONS.map(({ name }) => name);
    expect(await differing(wasm, { frames: 3000, regions: INSTRUCTIONS_REGIONS }, tried)).toEqual([]);
  });

  test.skipIf(absent.length > 0)("engines do dispute some whose operands they know", async () => {
    const found = await differing(knownOperandsModule(), { frames: 1500, regions: KNOWN_REGIONS }, KNOWN_NAMES);
    for (const disputed of ["fd 52 of a last constant", "76 of constants", "98 of a last constant", "a6 of a last"])
      expect(found.join("\n")).toContain(disputed);
  });

  test("and every instruction whose operands a compiler may know", async () => {
    const { wasm } = canonical(knownOperandsModule());
    expect(prove(wasm).findings).toEqual([]);
    expect(await differing(wasm, { frames: 1500, regions: KNOWN_REGIONS }, KNOWN_NAMES)).toEqual([]);
  });
});
