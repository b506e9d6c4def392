// Twenty planted faults, each a changed line in the source of a game: blame names function and line of at least eighteen.
//
// Both builds play the same match until their states part; the one bad frame is blamed. Named is the first number that the two
// compute otherwise, or, where none comes before it, the first write. Exact means: the line that is named, in every build in
// which one is named, is the changed one. No line beside it counts, nor the changed line's caller or callee.
import { afterAll, describe, expect, it } from "vitest";
import { blameBuilds } from "../../src/desync/blame/blame.js";
import { sidesOf } from "../../src/desync/blame/sides.js";
import { parting } from "../../src/desync/parting.js";
import type { Played } from "../../src/desync/side-by-side.js";
import { Places, type SourcePlace } from "../../src/toolchain/places.js";
import { matchOf } from "./matches.js";
import { type BuiltMutant, buildMutant, MUTANTS, type Mutant, type MutantGame } from "./mutants.js";

const EXACT_LEAST = 18;
/** Two compilations of some seconds each, on a machine that does other things beside. */
const TEST_MS = 120_000;

interface Base {
  readonly build: BuiltMutant;
  readonly match: Played;
}

const bases = new Map<MutantGame, Promise<Base>>();

async function made(name: MutantGame): Promise<Base> {
  const build = await buildMutant(name);
  return { build, match: await matchOf(name, build.game) };
}

function baseOf(name: MutantGame): Promise<Base> {
  const base = bases.get(name) ?? made(name);
  bases.set(name, base);
  return base;
}

interface Row {
  readonly fault: string;
  readonly named: string;
  readonly how: string;
  readonly exact: boolean;
}

async function blamed(mutant: Mutant): Promise<Row> {
  const { build: good, match } = await baseOf(mutant.game);
  const bad = await buildMutant(mutant.game, mutant);
  const [before, after] = await Promise.all([bad, good].map(({ game }) => game.simulation({ slots: 2 })));
  const found = parting({ played: match, simulation: before! }, { played: match, simulation: after! });
  if (found === undefined) throw new Error(`'${mutant.to}' changes nothing in this match: plant another fault`);
  const [here, there] = [bad, good].map(({ game, sourceMap }) => new Places(game.wasm, sourceMap)) as [Places, Places];
  const sides = sidesOf(found, match.config, { before: bad.game, after: good.game });
  const blame = blameBuilds(sides.before, sides.after, { here, there });
  expect(blame.kind).toBe("write");
  const first = blame.cause ?? blame;
  const places = [first.here && here.at(first.here.site), first.there && there.at(first.there.site)].filter(
    (place) => place !== undefined,
  );
  return {
    fault: `${mutant.game}/${mutant.file}.ts:${bad.line}  ${mutant.from} → ${mutant.to || "nothing"}`,
    named: [...new Set(places.map(placeText))].join(", "),
    how: blame.cause?.kind ?? "write",
    exact: places.every(({ file, line }) => file?.endsWith(`/${mutant.file}.ts`) && line === bad.line),
  };
}

function placeText({ function: name, file, line }: SourcePlace): string {
  return `${name} (${file?.split("/").at(-1)}:${line})`;
}

describe("blame", () => {
  const rows: Row[] = [];

  it.each(MUTANTS)(
    "of $game/$file: $from",
    async (mutant) => {
      rows.push(await blamed(mutant));
    },
    TEST_MS,
  );

  it(`names function and line of at least ${EXACT_LEAST} of ${MUTANTS.length} planted faults`, () => {
    expect(rows).toHaveLength(MUTANTS.length);
    expect(rows.filter(({ exact }) => exact).length).toBeGreaterThanOrEqual(EXACT_LEAST);
  });

  afterAll(() => {
    const lines = rows.map(
      ({ fault, named, how, exact }) => `${exact ? "exact " : "MISSED"}  ${named}  by ${how}\n          ${fault}`,
    );
    process.stdout.write(`${lines.join("\n")}\n`);
  });
});
