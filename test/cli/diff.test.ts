// samestep diff, as a shell sees it: the first difference of two files of one kind, whatever the kind.
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { diff } from "../../src/cli/commands/diff.js";
import type { Game } from "../../src/simulation/game.js";
import { FIRE, type Hands, HOOK_MS, LEFT, recorded, skeet } from "../desync/skeet.js";
import { run as called, put, temporary } from "./skeet-files.js";

let folder: string;
let game: Game;
let build: string;
let match: string;

const hands: Hands = (frame, seat) => (frame === 40 && seat === 1 ? FIRE : LEFT);

beforeAll(async () => {
  folder = await temporary();
  game = await skeet();
  build = await file("game.wasm", game.wasm);
  match = await file("match.replay", await recorded(game, hands));
}, HOOK_MS);

const file = (name: string, bytes: Uint8Array | string) => put(folder, name, bytes);
const run = (...args: string[]) => called(diff, ...args);

describe("samestep diff of two replays", () => {
  it("exits 0 where both are the same match", async () => {
    const again = await file("again.replay", await recorded(game, hands));
    expect(await run(match, again)).toMatchObject({ code: 0, text: expect.stringMatching(/are the same match/) });
  });

  it("tells the first inputs that differ by seat and field, and the state they lead to", async () => {
    const other = await file(
      "other.replay",
      await recorded(game, (frame, seat) => hands(frame, seat) & (frame === 40 ? 254 : 255)),
    );
    const { code, text } = await run(match, other);
    expect(code).toBe(1);
    expect(text).toMatch(/the inputs differ, first at frame 40\n/);
    expect(text).toMatch(/seat 1: buttons {2}A 1 {2}B 0/);
    expect(text).toMatch(/the states part at frame 41: shooters\[1\]\.score {2}A 1 {2}B 0/);
  });

  it("tells inputs by their bytes, and which build is missing, where it is not here", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "samestep-diff-"));
    try {
      const paths = ["a.replay", "b.replay"].map((name) => join(elsewhere, name));
      await writeFile(paths[0]!, await recorded(game, hands));
      await writeFile(paths[1]!, await recorded(game, () => LEFT));
      const { code, text } = await run(...paths);
      expect(code).toBe(1);
      expect(text).toMatch(/seat 1: input {2}A 01 00 {2}B 02 00/);
      expect(text).toMatch(new RegExp(`no build ${game.gameHash} here`));
      expect((await run(...paths, "--game", build)).text).toMatch(/seat 1: buttons {2}A 1 {2}B 2/);
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it("says which of the two this machine agrees with, where equal inputs led to other states", async () => {
    const lucky = await skeet({ step: "if (i == 0 && world.frame == 55) me.score = 9;" });
    const strange = await file("strange.replay", await recorded(lucky, hands, { as: game }));
    const { code, text } = await run(match, strange);
    expect(code).toBe(1);
    expect(text).toMatch(/the same inputs led to other states, first at frame 55/);
    expect(text).toMatch(/played here, A comes out as recorded/);
    expect(text).toMatch(
      /played here, B does not come out as recorded: frame 55, shooters\[0\]\.score at frame 60.* expected 9, got 0/,
    );
  });

  it("plays each with its own build where they are of two, and compares by name", async () => {
    const wider = await skeet({ fields: "combo: u16;", points: 4 });
    await file("wider.wasm", wider.wasm);
    const other = await file("wider.replay", await recorded(wider, hands));
    const { code, text } = await run(match, other);
    expect(code).toBe(1);
    expect(text).toMatch(/they were played with two builds\n {4}build {2}A [0-9a-f]{16} {2}B [0-9a-f]{16}/);
    expect(text).toMatch(/the states part at frame 41: shooters\[1\]\.score {2}A 1 {2}B 4/);
    expect(text).toMatch(/only in B: shooters\[\]\.combo/);
  });

  it("tells other settings before anything that follows from them, and a match that only goes on longer", async () => {
    const seeded = await file("seeded.replay", await recorded(game, hands, { seed: 8 }));
    const settings = await run(match, seeded, "--json");
    expect(JSON.parse(settings.text)).toMatchObject({
      schema: "samestep.diff/1",
      same: false,
      of: "replays",
      kind: "settings",
      settings: [{ path: "seedLow", before: "7", after: "8" }],
      parting: { frame: 0 },
    });
    const longer = await file("longer.replay", await recorded(game, hands, { frames: 120 }));
    const length = await run(match, longer);
    expect(length).toMatchObject({ code: 1, text: expect.stringMatching(/equal for the 100 frames that both have/) });
  });
});

describe("samestep diff of a replay and a build", () => {
  it("exits 0 for the build that recorded it, in either order", async () => {
    expect(await run(match, build)).toMatchObject({ code: 0, text: expect.stringMatching(/as it was recorded/) });
    expect((await run(build, match)).code).toBe(0);
  });

  it("tells where another build parts from the match, to the frame and field", async () => {
    const other = await file("three.wasm", (await skeet({ points: 3 })).wasm);
    const { code, text } = await run(match, other);
    expect(code).toBe(1);
    expect(text).toMatch(
      /parts from .*match\.replay at frame 41, phase 2: shooters\[1\]\.score {2}replay 1 {2}build 3/,
    );
  });

  it("goes by what the replay holds where the build that recorded it is gone", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "samestep-diff-"));
    try {
      const lonely = join(elsewhere, "match.replay");
      await copyFile(match, lonely);
      const other = await file("four.wasm", (await skeet({ points: 4 })).wasm);
      const { code, text } = await run(lonely, other);
      expect(code).toBe(1);
      expect(text).toMatch(/frame 41, shooters\[1\]\.score at frame 50.* expected 1, got 4/);
      const wider = await file("wide.wasm", (await skeet({ fields: "combo: u16;" })).wasm);
      expect(await run(lonely, wider)).toMatchObject({ code: 3, errors: expect.stringMatching(/with --game/) });
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });
});

describe("samestep diff of two reports", () => {
  const report = {
    schema: "samestep.desync/1",
    own: 0,
    frame: 41,
    sides: [{ hash: "aa" }, { hash: "bb" }],
    fields: [{ path: "shooters[1].score", values: ["1", "3"] }],
    leaves: [{ index: 0, bytes: ["A".repeat(5000), "B"] }],
    took: { ms: 180 },
  };

  it("knows one desync told from its two sides", async () => {
    const a = await file("a.json", JSON.stringify(report));
    const b = await file("b.json", JSON.stringify({ ...report, own: 1, took: { ms: 200 } }));
    expect(await run(a, b)).toMatchObject({
      code: 0,
      text: expect.stringMatching(/tell the same, told from its two sides/),
    });
  });

  it("tells the first value that is another, by its path, and long ones by their beginning", async () => {
    const a = await file("a.json", JSON.stringify(report));
    const leaves = [{ index: 0, bytes: ["A".repeat(4999), "B"] }];
    const b = await file("c.json", JSON.stringify({ ...report, frame: 45, fields: [], leaves, healed: 60 }));
    const { code, text } = await run(a, b);
    expect(code).toBe(1);
    expect(text).toMatch(/: frame {2}A 41 {2}B 45\n/);
    expect(text).toMatch(/fields\[0\] +A {"path":"shooters\[1\]\.score".*… \(\d+ characters\) +B none/);
    expect(text).toMatch(/leaves\[0\]\.bytes\[0\] +A "A{39}… \(5002 characters\)/);
    expect(text).toMatch(/healed +A none +B 60/);
  });

  it("does not compare a report with another kind of document", async () => {
    const a = await file("a.json", JSON.stringify(report));
    const b = await file("verify.json", JSON.stringify({ schema: "samestep.verify/1" }));
    expect(await run(a, b)).toMatchObject({ code: 3, errors: expect.stringMatching(/compare two of one kind/) });
  });
});

describe("samestep diff of two snapshots", () => {
  it("tells every field that differs, with the build's names", async () => {
    const simulation = await game.simulation({ slots: 1 });
    simulation.reset({ players: 2, seedLow: 1, seedHigh: 0, rules: new Uint8Array(0) });
    simulation.save(0);
    const state = simulation.copy(0);
    const other = state.slice();
    const x = game.schema.classes.World!.fields.find(({ name }) => name === "shooters")!.offset;
    new DataView(other.buffer).setInt32(x, 98_304, true);
    const a = await file("a.state", state);
    const b = await file("b.state", other);
    expect(await run(a, a, "--game", build)).toMatchObject({ code: 0 });
    expect(await run(a, b, "--game", build)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/: shooters\[0\]\.x {2}A 0\.00000 \(0x00000000\) {2}B 1\.50000 \(0x00018000\)/),
    });
  });

  it("wants the build, and states of that build", async () => {
    const a = await file("short.state", new Uint8Array(7));
    expect(await run(a, a)).toMatchObject({ code: 3, errors: expect.stringMatching(/name its build with --game/) });
    expect(await run(a, a, "--game", build)).toMatchObject({
      code: 3,
      errors: expect.stringMatching(/has 7 bytes, and a state/),
    });
  });
});

describe("samestep diff", () => {
  it("exits 3 for files of two kinds, damaged and missing ones, and 2 on wrong usage", async () => {
    const damaged = await file("damaged.replay", (await recorded(game, hands)).fill(255, 60, 70));
    const text = await file("text.json", "{}");
    const wrong = await file("wrong.wasm", new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    const cases: [string[], number, RegExp][] = [
      [[build, build], 3, /samestep bisect REPLAY --good A --bad B/],
      [[match, text], 3, /is a replay and .* is no replay, build or report, which cannot be compared/],
      [[match, damaged], 3, /damaged\.replay: the file is damaged/],
      [[match, join(folder, "none.replay")], 3, /none\.replay: there is no such file/],
      [[match, folder], 3, /it is a directory/],
      [[match, wrong], 3, /wrong\.wasm: this is not a Samestep game/],
      [[match], 2, /name two files/],
      [[match, match, "--gmae", build], 2, /did you mean --game\?/],
    ];
    for (const [args, code, said] of cases) {
      const answer = await run(...args);
      expect({ args, ...answer }).toMatchObject({ code, errors: expect.stringMatching(said) });
    }
    expect((await run("--help")).code).toBe(0);
  });
});
