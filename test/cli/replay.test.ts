// samestep replay, as a shell sees it: what a changed build makes of a recorded match.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { replay } from "../../src/cli/commands/replay.js";
import { FIRE, HOOK_MS, JAM, LEFT, recorded, skeet } from "../desync/skeet.js";
import { run as called, put, temporary } from "./skeet-files.js";

let folder: string;
let match: string;
let old: string;

beforeAll(async () => {
  folder = await temporary();
  const game = await skeet();
  old = await file("old.wasm", game.wasm);
  // Seat 1 fires at frame 70 for a while, and jams in the last second.
  const buttons = (frame: number) => (frame >= 70 && frame < 75 ? FIRE : 0) | (frame === 195 ? JAM : 0);
  const hands = (frame: number, seat: number) => (seat === 1 ? buttons(frame) : LEFT);
  match = await file("match.replay", await recorded(game, hands, { frames: 200 }));
}, HOOK_MS);

const file = (name: string, bytes: Uint8Array | string) => put(folder, name, bytes);
const run = (...args: string[]) => called(replay, ...args);

describe("samestep replay --against", () => {
  it("exits 0 where nothing changes", async () => {
    const { code, text } = await run(match, "--against", old);
    expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/changes nothing in 200 frames/) });
  });

  it("tells the first change, how much of the match changes, and how it ends; the old build is found beside it", async () => {
    const changed = await file("changed.wasm", (await skeet({ points: 2 })).wasm);
    const { code, text } = await run(match, "--against", changed);
    expect(code).toBe(1);
    expect(text).toMatch(/first change at frame 71, phase 2: shooters\[1\]\.score {2}old 1 {2}new 2/);
    expect(text).toMatch(/130 of 200 frames end in another state/);
    expect(text).toMatch(/of 4 looks, one a second:\n {4}shooters\[1\]\.score {2}4$/m);
    expect(text).toMatch(/ends otherwise, at frame 200:\n {4}shooters\[1\]\.score {2}old 5 {2}new 10/);
  });

  it("knows a match that comes to the same end in another way", async () => {
    const late = await skeet({
      step: "if (i == 1 && world.frame == 40) me.jams++; if (i == 1 && world.frame == 90) me.jams--;",
    });
    const { code, text } = await run(match, "--against", await file("late.wasm", late.wasm), "--json");
    expect(code).toBe(1);
    expect(JSON.parse(text)).toMatchObject({
      schema: "samestep.replay/1",
      result: "changed",
      recordedFrames: 200,
      frames: 200,
      differing: 50,
      parting: { frame: 40, fields: [{ path: "shooters[1].jams", before: "0", after: "1" }] },
      often: [{ path: "shooters[1].jams", moments: 2, elements: 1 }],
      end: { frame: 200, fields: [] },
    });
  });

  it("compares states that are laid out otherwise by name, and lists what only one build has", async () => {
    const wider = await file("wider.wasm", (await skeet({ fields: "combo: u16;", points: 2 })).wasm);
    const { code, text } = await run(match, "--against", wider);
    expect(code).toBe(1);
    expect(text).toMatch(/first change at frame 71, phase 2: shooters\[1\]\.score/);
    expect(text).toMatch(/only in new: shooters\[\]\.combo/);
  });

  it("tells where the new build stops, and what both came to before", async () => {
    const jams = await skeet({ points: 3, step: 'assert(!(pad.buttons & 4), "the gun jams");' });
    const { code, text } = await run(match, "--against", await file("jams.wasm", jams.wasm), "--json");
    expect(code).toBe(1);
    const told = JSON.parse(text);
    expect(told).toMatchObject({ frames: 195, traps: { after: expect.stringContaining("the gun jams") } });
    expect(told.end).toEqual({
      frame: 195,
      fieldCount: 1,
      fields: [{ path: "shooters[1].score", before: "5", after: "15" }],
    });
    const firstOnly = await skeet({ step: 'assert(!(pad.buttons & 4), "the gun jams");' });
    const stopped = await run(match, "--against", await file("first.wasm", firstOnly.wasm));
    expect(stopped.text).toMatch(/first change at frame 195, phase 2: new stops: the gun jams/);
    expect(stopped.text).toMatch(/the match ends otherwise$/m);
  });

  it("refuses a build that would read the inputs otherwise, a missing one, and what is no replay", async () => {
    const otherPad = await file("pad.wasm", (await skeet({ pad: "aim: u8; buttons: u8;" })).wasm);
    const elsewhere = await file("elsewhere.replay", await recorded(await skeet({ points: 9 }), () => 0));
    const cases: [string[], number, RegExp][] = [
      [[elsewhere, "--against", old], 3, /no build [0-9a-f]{16} here, beside .*: name it with --game/],
      [
        [match, "--against", otherPad],
        3,
        /'aim' stands where 'buttons' stood, so the recorded inputs mean something else/,
      ],
      [[match, "--against", join(folder, "none.wasm")], 3, /cannot read the game/],
      [[old, "--against", old], 3, /not a Samestep replay/],
      [[join(folder, "none.replay"), "--against", old], 3, /there is no such file/],
      [[match, "--agianst", old], 2, /did you mean --against\?/],
      [[], 2, /name one replay/],
    ];
    for (const [args, code, said] of cases) {
      const answer = await run(...args);
      expect({ args, ...answer }).toMatchObject({ code, errors: expect.stringMatching(said) });
    }
    expect((await run("--help")).code).toBe(0);
  });
});

describe("samestep replay", () => {
  it("prints the hash of one state a second, and of the last", async () => {
    const { code, text } = await run(match);
    expect(code).toBe(0);
    expect(text.split("\n").map((line) => line.slice(0, 9))).toEqual(
      [0, 60, 120, 180, 200].map((frame) => `frame ${String(frame).padStart(3)}`),
    );
    expect(text).toMatch(/^frame {3}0 {2}[0-9a-f]{16}$/m);
  });
});
