// The fault injector: what is planted in live matches is reported rightly on both sides, and nothing else is.
import { beforeAll, describe, expect, it } from "vitest";
import { bundle, type Edit } from "../dst/bundle.js";
import { ATTEMPTS_MAX, campaign, type Numbers } from "./campaign.js";
import { Crew } from "./crew.js";
import { compileGames } from "./modules.js";
import type { Modules } from "./stage.js";
import { type Summary, summary } from "./table.js";

/** A taste of `npm run faults`: each kind in each game, twice. */
const TASTE: Numbers = { faults: 32, clean: 20, first: 1, attempts: ATTEMPTS_MAX };

/** What shows whatever is planted, and what shows where nothing is. */
const FEW: Numbers = { faults: 4, clean: 0, first: 1, attempts: 4 };
const CLEAN: Numbers = { faults: 0, clean: 3, first: 1, attempts: 4 };

const THREADS = 2;

let modules: Modules;
beforeAll(async () => {
  modules = await compileGames();
});

async function results(name: string, numbers: Numbers, threads: number, edits: readonly Edit[] = []): Promise<Summary> {
  const crew = await Crew.of(await bundle(name, edits, "test/faults/worker.ts"), modules, threads);
  const found = summary(await campaign(crew, numbers));
  await crew.end();
  return found;
}

describe("planted faults", () => {
  it("are reported with the right frame, fields and verdict, and matches without any raise no alarm", async () => {
    const { all, rows, clean, alarms, failures } = await results("faults in CI", TASTE, THREADS);
    expect(failures).toEqual([]);
    expect([all.planted, clean, alarms]).toEqual([TASTE.faults, TASTE.clean, 0]);
    expect(rows.map(({ planted }) => planted)).toEqual(rows.map(() => TASTE.faults / rows.length));
  }, 300_000);

  it("are the same for the same seed, in any thread", async () => {
    const numbers = { faults: 4, clean: 0, first: 90, attempts: 8 };
    expect(await results("faults again", numbers, 1)).toEqual(await results("faults again", numbers, 2));
  }, 120_000);
});

/** What is broken in our own sources, and how a run has to complain. */
const BROKEN: { name: string; complaint: RegExp; numbers?: Numbers; edits: Edit[] }[] = [
  {
    name: "the report names the frame at which it was noticed",
    complaint: /^the frame is wrong/,
    edits: [
      {
        file: "src/session/evidence/assemble.ts",
        find: "...{ frame: found.frame, noticed: found.noticed",
        replace: "...{ frame: found.noticed, noticed: found.noticed",
      },
    ],
  },
  {
    name: "the report leaves out the last field",
    complaint: /^the fields are wrong/,
    edits: [
      {
        file: "src/session/evidence/assemble.ts",
        find: "fields: fields.map(",
        replace: "fields: fields.slice(0, -1).map(",
      },
    ],
  },
  {
    name: "who had something else is taken for one who computes it",
    complaint: /^the verdict is right/,
    edits: [
      {
        file: "src/session/evidence/classify.ts",
        find: "if (broken.length === 0)",
        replace: "if (broken.length < 2)",
      },
    ],
  },
  {
    name: "who is right is blamed",
    complaint: /^something else is wrong/,
    edits: [
      {
        file: "src/session/evidence/assemble.ts",
        find: "...{ blamed: found.blamed, agree",
        replace: "...{ blamed: found.blamed.map((seat) => 1 - seat), agree",
      },
    ],
  },
  {
    name: "a report waits until it is given up",
    complaint: /^half of the reports take/,
    edits: [
      {
        file: "src/session/evidence/case.ts",
        find: "if (this.#theirs === undefined && !this.over(now)) {",
        replace: "if (!this.over(now)) {",
      },
    ],
  },
  {
    name: "a chain value is told wrongly now and then",
    complaint: /alarms in matches without a fault/,
    numbers: CLEAN,
    edits: [
      {
        file: "src/sequencer/verdict/referee.ts",
        find: "this.compare(match, index, end, value | 0);",
        replace: "this.compare(match, index, end, index === 1 && end % 64 === 0 ? ~value : value | 0);",
      },
    ],
  },
  {
    name: "nothing is planted",
    complaint: /faults never showed/,
    edits: [
      { file: "test/faults/faulty-simulation.ts", find: "this.#flaw.stepped?.()", replace: "undefined" },
      { file: "test/faults/faulty-simulation.ts", find: "this.#flaw.saving?.();", replace: "" },
    ],
  },
];

describe("the injector turns red when", () => {
  it.each(BROKEN)(
    "$name",
    async ({ name, complaint, edits, numbers = FEW }) => {
      const { failures } = await results(`faults ${name}`, numbers, 1, edits);
      expect(failures).toContainEqual(expect.stringMatching(complaint));
    },
    120_000,
  );
});
