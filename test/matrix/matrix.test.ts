// One state in all engines, with and without JavaScript, on two kinds of processor; and the matrix sees the one that differs.
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSchema } from "../../src/simulation/schema.js";
import { compile } from "../../src/toolchain/build.js";
import { streams } from "../streams.js";
import { REPOSITORY } from "../toolchain/project.js";
import { matrix, missingOf } from "./command.js";
import { answerOf, partings } from "./compare.js";
import { type Engine, isPresent } from "./engine.js";
import { ENGINES, enginesNamed, REQUIRED_IN_CI } from "./lineup.js";
import { fixtureMatches, type Match, tortureMatch } from "./matches.js";
import { playMatrix } from "./matrix.js";
import { tableOf, verdict } from "./table.js";

const MINUTE = 60_000;
const REQUIRED = process.env.SAMESTEP_REQUIRE ?? (process.env.CI ? REQUIRED_IN_CI : undefined);

let fixtures: Match[];
beforeAll(async () => {
  fixtures = await fixtureMatches();
}, MINUTE);

function named(list: string): readonly Engine[] {
  const engines = enginesNamed(list);
  if ("unknown" in engines) throw new Error(`there is no engine ${engines.unknown}`);
  return engines;
}

/** The beginning of a recorded match of the fighter. */
function opening(frames: number): Match {
  const match = fixtures[0]!;
  return { ...match, records: match.records.slice(0, frames) };
}

test(
  "every engine that is here computes every state of every recorded match alike",
  async () => {
    const played = await playMatrix({ matches: [...fixtures, await tortureMatch()], engines: ENGINES });
    console.info(tableOf(played));
    expect(played.differences).toEqual([]);
    expect(played.rows.filter(({ outcome }) => outcome === "failed" || outcome === "differs")).toEqual([]);
    expect(missingOf(played, REQUIRED === undefined ? named("v8") : named(REQUIRED)).map(({ id }) => id)).toEqual([]);
  },
  5 * MINUTE,
);

describe("a bit turned over in one engine", () => {
  /** Of every kind of engine one, each with a fault of its own; against four that have none. */
  const FAULTY = ["jsc-baseline", "chromium", "interpreter", "native"];
  const here = named(FAULTY.join(",")).filter(isPresent);

  test(
    "is found there, in its frame, by the name of its field",
    async () => {
      const match = opening(90);
      const at = match.schema.classes[match.schema.root]!.fields.find(({ name }) => name === "fighters")!.offset;
      const health = match.schema.classes.Fighter!.fields.find(({ name }) => name === "health")!.offset;
      const plants = here.map(({ id }, i) => ({
        ...{ engine: id, match: match.name },
        flip: { frame: 20 * i + 7, offset: at + match.schema.classes.Fighter!.size + health, mask: 1 << i },
      }));
      const engines = [...named("v8,spidermonkey"), ...here];
      const { differences, rows } = await playMatrix({ matches: [match], engines, plants });
      expect(
        differences.map(({ engine, frame, fields }) => ({ engine, frame, fields: fields.map(({ path }) => path) })),
      ).toEqual(here.map(({ name }, i) => ({ engine: name, frame: 20 * i + 7, fields: ["fighters[1].health"] })));
      for (const { before, after } of differences.flatMap(({ fields }) => fields)) expect(before).not.toBe(after);
      const differing = rows.filter(({ outcome }) => outcome === "differs").map(({ id }) => id);
      expect(differing).toEqual(here.map(({ id }) => id));
      expect(verdict({ differences, rows })).toContain("✗ engines differ");
    },
    MINUTE,
  );

  test("is found in the last byte of the state as well, before the first frame", async () => {
    const match = opening(3);
    const flip = { frame: 0, offset: match.schema.regions.state.size - 1, mask: 128 };
    const plants = [{ engine: "v8-baseline", match: match.name, flip }];
    const { differences } = await playMatrix({ matches: [match], engines: named("v8"), plants });
    expect(differences).toMatchObject([{ engine: "V8, baseline only", frame: 0 }]);
    expect(differences[0]!.fields.length).toBe(1);
  });
});

test(
  "a game whose NaNs nobody closed is told by frame and field: the engines do differ",
  async () => {
    const { wasm } = await compile({ entry: join(REPOSITORY, "test/games/torture.ts") });
    const match = { ...(await tortureMatch()), name: "open NaNs", wasm, schema: readSchema(wasm) };
    const played = await playMatrix({ matches: [match], engines: named("v8,jsc,spidermonkey") });
    const fields = played.differences.flatMap(({ fields }) => fields.map(({ path }) => path));
    expect(fields.some((path) => /^(singles|doubles|vectors)\[\d+\]$/.test(path))).toBe(true);
    expect(tableOf(played)).toMatch(/✗ .* differs: open NaNs, frame \d+ \(\d+ other engines agree\)\n {4}\w+\[\d+\]: /);
  },
  MINUTE,
);

describe("engines that are not as they should be", () => {
  const v8 = named("v8")[0]!;
  const other = (parts: Partial<Engine>): Engine => ({ ...v8, id: "other", name: "Other", ...parts });

  test("one that is not installed is listed with what to install, and never as equal", async () => {
    const absent = other({ needs: ["/no/such/engine"], install: "apt-get install other" });
    const played = await playMatrix({ matches: [opening(5)], engines: [v8, absent] });
    expect(played.rows[1]).toMatchObject({ outcome: "not run", hashesCompared: 0, matches: [] });
    expect(tableOf(played)).toContain("– not run: Other: apt-get install other");
    expect(missingOf(played, [v8, absent])).toEqual([absent]);
  });

  test("one that fails, or gives fewer hashes than frames, has failed", async () => {
    const failing = other({ play: () => Promise.reject(new Error("out of memory")) });
    const early = other({ play: async () => ["0123456789abcdef trapped in frame 0: unreachable"] });
    for (const [engine, why] of [
      [failing, "out of memory"],
      [early, "it gave 1 of 6 hashes: trapped in frame 0"],
    ] as const) {
      const played = await playMatrix({ matches: [opening(5)], engines: [v8, engine] });
      expect(played.rows[1]).toMatchObject({ outcome: "failed", why: expect.stringContaining(why) });
      expect(verdict(played)).toContain("✗");
    }
  });

  test("one alone compares nothing, and a table says so", async () => {
    const played = await playMatrix({ matches: [opening(5)], engines: [v8] });
    expect(played.rows[0]).toMatchObject({ outcome: "alone", hashesCompared: 0 });
    expect(verdict(played)).toBe("– nothing was compared: it takes two engines (1 run, 0 not run)");
  });
});

describe("where engines part", () => {
  const [A, B, C] = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc"];
  const answers = (lines: Record<string, string>) =>
    new Map(Object.entries(lines).map(([id, line]) => [id, answerOf(line)]));

  test("most of them are right, frame by frame, and each of the others is told once", () => {
    const found = partings(
      answers({ v8: `${A} ${A} ${B}`, jsc: `${A} ${B} ${C}`, native: `${A} ${A} ${B}`, sm: `${C} ${A} ${B}` }),
    );
    expect(found).toEqual([
      { engine: "sm", frame: 0, reference: "v8", agreeing: 3 },
      { engine: "jsc", frame: 1, reference: "v8", agreeing: 3 },
    ]);
  });

  test("who plays fewer frames is compared in those", () => {
    expect(partings(answers({ v8: `${A} ${B} ${C}`, slow: `${A} ${B}` }))).toEqual([]);
    expect(partings(answers({ v8: `${A} ${B} ${C}`, slow: `${A} ${C}` }))).toMatchObject([
      { engine: "slow", frame: 1 },
    ]);
  });
});

describe("the command", () => {
  test("answers machines, and fails where a required engine did not run", async () => {
    const io = streams();
    expect(await matrix(["--only", "v8", "--require", "v8,interpreter", "--json"], io)).toBe(4);
    const { schema, rows, missing } = JSON.parse(io.text());
    expect({ schema, missing }).toEqual({ schema: "samestep.matrix/1", missing: ["interpreter"] });
    expect(rows.map(({ id, outcome }: { id: string; outcome: string }) => [id, outcome])).toEqual([
      ["v8", "equal"],
      ["v8-baseline", "equal"],
      ["v8-optimised", "equal"],
    ]);
  });

  test("says which engine was meant", async () => {
    const io = streams();
    expect(await matrix(["--only", "v8,chromum"], io)).toBe(2);
    expect(io.errors()).toContain("there is no engine 'chromum'; did you mean chromium?");
    expect(await matrix(["--all"], streams())).toBe(2);
    expect(await matrix(["--help"], streams())).toBe(0);
  });
});
