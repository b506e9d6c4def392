// samestep blame, as a shell sees it: the line at fault between two builds, against a recording, and of a live report.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { blame } from "../../src/cli/commands/blame.js";
import {
  base64,
  type DesyncReport,
  hexDigits,
  REPORT_SCHEMA,
  reportConfig,
} from "../../src/session/evidence/report.js";
import { type Game, loadGame } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { compileGame } from "../../src/toolchain/build.js";
import { type Change, FIRE, type Hands, HOOK_MS, LEFT, read, recorded, source } from "../desync/skeet.js";
import { Broken } from "../session/broken.js";
import { buildSource } from "../toolchain/project.js";
import { run as called, put, temporary } from "./skeet-files.js";

/** Seat 1 fires in the step of frame 39, and both move all the time. */
const hands: Hands = (frame, seat) => LEFT | (frame === 39 && seat === 1 ? FIRE : 0);
const SCORE_LINE =
  source()
    .split("\n")
    .findIndex((line) => line.includes("me.score +=")) + 1;

let folder: string;
let good: Build;
let bad: Build;
let match: string;

interface Build {
  readonly path: string;
  readonly game: Game;
}

beforeAll(async () => {
  folder = await temporary();
  good = await built("good", {});
  bad = await built("bad", { points: 3 });
  match = await file("match.replay", await recorded(good.game, hands));
}, HOOK_MS);

async function built(name: string, change: Change): Promise<Build> {
  const { wasm, sourceMap } = await buildSource(source(change));
  await file(`${name}.wasm.map`, sourceMap);
  return { path: await file(`${name}.wasm`, wasm), game: await loadGame(wasm) };
}

const file = (name: string, bytes: Uint8Array | string) => put(folder, name, bytes);
const run = (...args: string[]) => called(blame, ...args);

describe("samestep blame between two builds", () => {
  it("names function, line, field and both values, and exits 1", async () => {
    const { code, text } = await run(match, "--game", bad.path, "--against", good.path);
    expect(code).toBe(1);
    expect(text).toContain("the step of frame 39 goes another way than in");
    expect(text).toContain(`step (game.ts:${SCORE_LINE}:`);
    expect(text).toContain("if (pad.buttons & 1) me.score += 3;");
    expect(text).toContain("the first write that differs, in phase 2:");
    expect(text).toContain("shooters[1].score: here 0 → 3, there 0 → 1");
    expect(text).toContain("1 field then differs:");
  });

  it("exits 0 where they come to the same states", async () => {
    const { code, text } = await run(match, "--game", good.path, "--against", good.path);
    expect({ code, text }).toEqual({
      code: 0,
      text: expect.stringMatching(/the same states as .*good\.wasm in 100 frames/),
    });
  });

  it("plays the step of --frame with both from one state", async () => {
    expect((await run(match, "--game", bad.path, "--against", good.path, "--frame", "39")).code).toBe(1);
    expect((await run(match, "--game", bad.path, "--against", good.path, "--frame", "60")).code).toBe(0);
    const late = await run(match, "--game", bad.path, "--against", good.path, "--frame", "100");
    expect(late).toMatchObject({ code: 2, errors: expect.stringContaining("the replay has 100 frames") });
  });

  it("tells function and offset where there is no source map", async () => {
    const bare = await file("bare.wasm", bad.game.wasm);
    const { text } = await run(match, "--game", bare, "--against", good.path);
    expect(text).not.toContain("the first line that differs");
    expect(text).toMatch(/here: {2}game\/step at 0x[0-9a-f]+/);
    expect(text).toContain(`there: step (game.ts:${SCORE_LINE}:`);
  });

  it("says that a step reads what lies outside of its state, where it cannot be played again", async () => {
    const memory =
      "const kept: usize = memory.data(4); store<u32>(kept, load<u32>(kept) + LATE); if (load<u32>(kept) > 60) me.jams = 1;";
    const [early, late] = [
      await built("early", { step: memory.replace("LATE", "2") }),
      await built("late", { step: memory.replace("LATE", "1") }),
    ];
    const { code, errors } = await run(match, "--game", early.path, "--against", late.path);
    expect({ code, errors }).toEqual({
      code: 3,
      errors: expect.stringMatching(/lies outside of the state, as samestep synctest/),
    });
  });

  it("tells why one of them stops", async () => {
    const stops = await built("stops", { step: "assert(!(pad.buttons & 1), 'no fire here');" });
    const { code, text } = await run(match, "--game", stops.path, "--against", good.path);
    expect(code).toBe(1);
    expect(text).toMatch(/here the game stops: no fire here \(game\.ts:\d+:\d+\)/);
  });

  it("refuses a source map that is none, in one line", async () => {
    const odd = await file("odd.wasm", bad.game.wasm);
    await file("odd.wasm.map", "not JSON");
    const { code, errors } = await run(match, "--game", odd, "--against", good.path);
    expect({ code, errors }).toEqual({ code: 3, errors: expect.stringMatching(/odd\.wasm\.map is no source map/) });
  });

  it("writes one JSON object with --json", async () => {
    const { text } = await run(match, "--game", bad.path, "--against", good.path, "--json");
    expect(JSON.parse(text)).toMatchObject({
      schema: "samestep.blame/1",
      result: "differs",
      step: 39,
      cause: { kind: "value", here: { file: "game.ts", line: SCORE_LINE, value: "3" }, there: { value: "1" } },
      write: { here: { function: "step", path: "shooters[1].score", before: "0", after: "3", phase: 2 } },
      fieldCount: 1,
    });
  });
});

describe("samestep blame of a replay alone", () => {
  it("names the writes behind each field that was recorded otherwise", async () => {
    const path = await file("other.replay", await recorded(bad.game, hands, { as: good.game }));
    const { code, text } = await run(path, "--game", good.path);
    expect(code).toBe(1);
    expect(text).toContain("recorded: another state than this build computes");
    expect(text).toContain("shooters[1].score  here 1  recorded 3");
    expect(text).toContain(`0 → 1  in step (game.ts:${SCORE_LINE}:`);
  });

  it("says what to do where the file holds no state of that frame", async () => {
    const early: Hands = (frame, seat) => LEFT | (frame === 33 && seat === 1 ? FIRE : 0);
    const path = await file("early.replay", await recorded(bad.game, early, { as: good.game }));
    const { code, errors } = await run(path, "--game", good.path);
    expect(code).toBe(3);
    expect(errors).toMatch(
      /part from this build's at frame 34, where it holds no whole state: name a second build with --against/,
    );
  });

  it("exits 0 where the build comes to what was recorded", async () => {
    expect((await run(match, "--game", good.path)).code).toBe(0);
  });
});

/** What both sides of a match would have written, had seat 1's machine come to `theirs` in the step of frame 39. */
async function reportOf(change: (state: Uint8Array) => void, parts: Partial<DesyncReport> = {}): Promise<string> {
  const replay = read(await recorded(good.game, hands));
  const simulation = await good.game.simulation({ slots: 1 });
  simulation.reset(replay.config);
  const records = replay.records();
  for (let frame = 0; frame < 39; frame++) simulation.step(records.next().value!);
  simulation.save(0);
  const start = simulation.copy(0);
  const record = records.next().value!;
  simulation.step(record);
  simulation.save(0);
  const [mine, theirs] = [simulation.copy(0), simulation.copy(0)];
  change(theirs);
  const inputs = [0, 1].map((seat) => {
    const cell = record.subarray(seat * replay.cellBytes, (seat + 1) * replay.cellBytes);
    const held = hexDigits(cell.subarray(CELL_HEADER_BYTES, CELL_HEADER_BYTES + cell[2]!));
    return { seat, begin: 39, inputs: [held], presence: "h", marks: [undefined, undefined] };
  });
  const sides = [0, 1].map((party) => ({ party, hash: "0", inputsHash: "0", rollbacks: [] }));
  return JSON.stringify({
    schema: REPORT_SCHEMA,
    ...{ own: 0, frame: 40, noticed: 44, verdict: "unknown", why: "the inputs differ", differs: "state" },
    ...{ blamed: [], agree: 1, of: 2, sides, fields: [], inputs, took: { ms: 1 } },
    leaves: [{ index: 0, bytes: [base64(mine), base64(theirs)] }],
    ...{ start: base64(start), config: reportConfig(replay.config) },
    ...parts,
  });
}

/** Where a field of the first element of a list lies in the state. */
function offsetOf(game: Game, list: string, field: string): number {
  const { classes, root } = game.schema;
  const found = classes[root]!.fields.find(({ name }) => name === list)!;
  return found.offset + classes[found.type]!.fields.find(({ name }) => name === field)!.offset;
}

/** Of the second shooter. */
function shooter(field: string): number {
  return good.game.schema.classes.Shooter!.size + offsetOf(good.game, "shooters", field);
}

describe("samestep blame of a live report", () => {
  it("says who has what the step computes, and which write the other one's field comes from", async () => {
    const path = await file(
      "wrong.json",
      await reportOf((state) => state.fill(9, shooter("score"), shooter("score") + 1)),
    );
    const { code, text } = await run(path, "--game", good.path);
    expect(code).toBe(1);
    expect(text).toContain("seat 0: what this build computes");
    expect(text).toContain("seat 1: another state than this build computes");
    expect(text).toContain("shooters[1].score  here 1  seat 1 9");
    expect(text).toContain(`0 → 1  in step (game.ts:${SCORE_LINE}:`);
  });

  it("says that a field was written outside of the step, where no store touches it", async () => {
    const path = await file(
      "outside.json",
      await reportOf((state) => state.fill(9, shooter("jams"), shooter("jams") + 1)),
    );
    const { text } = await run(path, "--game", good.path);
    expect(text).toContain("seat 1: written outside of the step");
    expect(text).toContain("shooters[1].jams  here 0  seat 1 9\n      no write of the step touches it");
    const json = JSON.parse((await run(path, "--game", good.path, "--json")).text);
    expect(json.sides).toMatchObject([
      { verdict: "same" },
      { verdict: "written outside step", fields: [{ writes: [] }] },
    ]);
  });

  it("reads what a match itself has written", async () => {
    const { wasm, sourceMap } = await compileGame({ entry: "test/games/scramble.ts" });
    const path = await file("scramble.wasm", wasm);
    await file("scramble.wasm.map", sourceMap);
    const game = await loadGame(wasm);
    const broken = await Broken.start(game);
    const frame = broken.victim.player.stats.frame + 1;
    broken.victim.player.plant({ frame, offset: offsetOf(game, "runners", "score"), mask: 4 });
    broken.untilReported();
    const { code, text } = await run(await file("live.json", JSON.stringify(broken.report(0))), "--game", path);
    expect(code).toBe(1);
    expect(text).toContain(`live.json  the step of frame ${frame}\n  seat 0: what this build computes`);
    expect(text).toMatch(/seat 1: written outside of the step.*\n {4}runners\[0\]\.score {2}here \d+ {2}seat 1 \d+/);
  });

  it("says why a report cannot be played again", async () => {
    const cases: [Partial<DesyncReport>, RegExp][] = [
      [{ differs: "inputs" }, /its states do not differ, so no write is to blame: the inputs differ/],
      [{ start: undefined }, /cannot be played again: it does not hold the state of frame 39/],
      [{ start: "AAAA" }, /its state is none of this build/],
      [{ inputs: [] }, /it does not hold seat 0's input of frame 39/],
      [{ leaves: [{ index: 9, bytes: ["AAAA", "AAAA"] }] }, /its leaves make no sense/],
    ];
    for (const [parts, said] of cases) {
      const path = await file("broken.json", await reportOf(() => {}, parts));
      expect(await run(path, "--game", good.path)).toMatchObject({ code: 3, errors: expect.stringMatching(said) });
    }
  });
});

describe("samestep blame, held wrong,", () => {
  it("exits 2 and says what was meant", async () => {
    expect(await run()).toMatchObject({ code: 2, errors: expect.stringContaining("name one replay or one report") });
    expect(await run(match, "--frame", "3")).toMatchObject({ code: 2, errors: expect.stringContaining("--against") });
    expect(await run(match, "--against", bad.path, "--frame", "x")).toMatchObject({ code: 2 });
    expect(await run("package.json")).toMatchObject({ code: 2, errors: expect.stringContaining("--game BUILD") });
    expect((await run(match, "--agains", bad.path)).errors).toContain("did you mean --against?");
    expect((await run("--help")).code).toBe(0);
  });

  it("exits 3 with one line for what it cannot read", async () => {
    const cases: [string[], RegExp][] = [
      [[join(folder, "none.replay")], /there is no such file/],
      [["package.json", "--game", good.path], /it is no report of a desync/],
      [[good.path, "--game", good.path], /this is not a Samestep replay/],
      [[match, "--game", good.path, "--against", match], /\.replay: this is not a Samestep game/],
      [[match, "--game", bad.path], /recorded with game build/],
    ];
    for (const [args, said] of cases) {
      const { code, errors } = await run(...args);
      expect({ code, errors }).toEqual({ code: 3, errors: expect.stringMatching(said) });
      expect(errors.trim().split("\n")).toHaveLength(1);
    }
  });
});
