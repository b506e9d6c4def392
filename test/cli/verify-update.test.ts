// samestep verify --update: fixtures follow a change of rules that was meant, tell what it changed, and forgive no desync.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { verify } from "../../src/cli/commands/verify.js";
import { JAM, recorded, skeet } from "../desync/skeet.js";
import { HANDS, run, type SkeetFiles, skeetFiles, temporary } from "./skeet-files.js";

let folder: string;
let files: SkeetFiles;
let replay: string;

beforeAll(async () => {
  folder = await temporary();
  files = await skeetFiles(folder);
});
beforeEach(async () => {
  // Beside no build: what is not given is not found.
  await rm(join(folder, "apart"), { recursive: true, force: true });
  await mkdir(join(folder, "apart"));
  replay = join(folder, "apart/match.replay");
  await copyFile(files.equal, replay);
  vi.stubEnv("CI", "");
});
afterEach(() => vi.unstubAllEnvs());

async function update(wasm: string, ...more: string[]) {
  return run(verify, replay, "--update", "--game", wasm, ...more);
}

async function file(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
}

describe("samestep verify --update", () => {
  it("writes the new build's hashes and states, and keeps inputs, settings and the frames of both", async () => {
    const { code, text } = await update(files.richerWasm);
    const changed =
      "first difference: frame 41, shooters[1].score at frame 50, the next whole state on record, was 1, is 3";
    expect([code, text]).toEqual([0, `↻ ${replay}  100 frames written again: ${changed}`]);
    const after = await run(verify, replay, "--game", files.richerWasm, "--json");
    expect(JSON.parse(after.text)).toMatchObject({ ok: true, replays: [{ frames: 100 }] });
    expect(await readFile(replay)).toEqual(Buffer.from(await recorded(files.richer, HANDS)));
    expect(await readdir(join(folder, "apart"))).toEqual(["match.replay"]);
  });

  it("names the very frame where the build that recorded it is at hand", async () => {
    await copyFile(files.wasm, join(folder, "apart/skeet.wasm"));
    const { text } = await update(files.richerWasm);
    expect(text).toContain("first difference: frame 41, shooters[1].score was 1, is 3");
  });

  it("leaves a replay of this build alone, byte for byte", async () => {
    const before = await readFile(replay);
    expect(await update(files.wasm)).toMatchObject({ code: 0, text: `✓ ${replay}  unchanged` });
    expect(await readFile(replay)).toEqual(before);
  });

  it("refuses to write away a difference under the very build that recorded it", async () => {
    await copyFile(files.differs, replay);
    const before = await readFile(replay);
    const { code, text } = await update(files.wasm);
    expect([code, text]).toEqual([
      3,
      expect.stringMatching(/! .*left as it was: it is of this very build, so this is no change of rules: first diff/),
    ]);
    expect(await readFile(replay)).toEqual(before);
  });

  it("says that a change changed nothing", async () => {
    const wasm = await file("same.wasm", (await skeet({ step: "if (pad.buttons & 64) me.score = 0;" })).wasm);
    expect(await update(wasm)).toMatchObject({
      code: 0,
      text: expect.stringMatching(/again: every state is the same$/),
    });
  });

  it("tells of a state that is laid out otherwise by names with the old build, and without it that it cannot", async () => {
    const wasm = await file("moved.wasm", (await skeet({ fields: "combo: u16;", points: 3 })).wasm);
    expect(await update(wasm)).toMatchObject({ code: 0, text: expect.stringMatching(/what changed is not told$/) });
    await copyFile(files.equal, replay);
    await copyFile(files.wasm, join(folder, "apart/skeet.wasm"));
    expect((await update(wasm)).text).toMatch(/first difference: frame 41, shooters\[1\]\.score was 1, is 3$/);
    expect((await run(verify, replay, "--game", wasm)).code).toBe(0);
  });

  it("leaves what the build cannot play as it was, with the reason", async () => {
    await copyFile(files.wasm, join(folder, "apart/skeet.wasm"));
    await writeFile(replay, await recorded(files.game, (frame) => (frame === 30 ? JAM : 0)));
    const before = await readFile(replay);
    const cases: [Parameters<typeof skeet>[0], RegExp][] = [
      [{ step: `assert(!(pad.buttons & ${JAM}), "jammed");` }, /this build stops at frame 30: jammed/],
      [{ players: "3" }, /the match has 2 players, and this build takes 3 to 4/],
      [
        { pad: "buttons: u8; aim: u8; power: u64;" },
        /an input of the match has up to \d+ bytes, and one of this build \d+/,
      ],
      [{ pad: "aim: u8; buttons: u8;" }, /its @input class is another/],
      [{ init: 'assert(seedLow() != 7, "unlucky");' }, /cannot start with these settings: unlucky/],
    ];
    for (const [change, why] of cases) {
      const wasm = await file("other.wasm", (await skeet(change)).wasm);
      expect(await update(wasm)).toMatchObject({ code: 3, text: expect.stringMatching(/left as it was: /) });
      expect((await update(wasm)).text).toMatch(why);
      expect(await readFile(replay)).toEqual(before);
    }
  });

  it("does what it can of many, and counts", async () => {
    const paths = [replay, files.damaged, files.foreign, join(folder, "none.replay"), "package.json"];
    const { code, text } = await run(verify, ...paths, "--update", "--game", files.richerWasm);
    expect(code).toBe(3);
    expect(text).toMatch(/damaged\.replay {2}left as it was: the file is damaged/);
    expect(text).toMatch(/none\.replay {2}left as it was: there is no such file/);
    expect(text).toContain("\n1 written again, 1 unchanged, 3 left as they were of 5 replays");
  });

  it("leaves a replay that cannot be written as it was, and goes on", async () => {
    const before = await readFile(replay);
    await mkdir(`${replay}.part`);
    const { code, text } = await run(verify, replay, files.foreign, "--update", "--game", files.richerWasm);
    expect(code).toBe(3);
    expect(text).toMatch(/match\.replay {2}left as it was: it cannot be written: .*\n.*foreign\.replay {2}unchanged/);
    expect(await readFile(replay)).toEqual(before);
  });

  it("is one JSON object with --json", async () => {
    const { text } = await update(files.richerWasm, "--json");
    expect(JSON.parse(text)).toMatchObject({
      schema: "samestep.update/1",
      ok: true,
      gameHash: files.richer.gameHash,
      replays: [{ file: replay, result: "updated", frames: 100, difference: { frame: 41 } }],
    });
  });

  it("is refused under CI, and with what contradicts it", async () => {
    const before = await readFile(replay);
    vi.stubEnv("CI", "true");
    expect(await update(files.richerWasm)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--update is refused under CI, where nobody looks at what changed/),
    });
    vi.stubEnv("CI", "false");
    expect((await update(files.wasm)).code).toBe(0);
    const cases: [string[], RegExp][] = [
      [["--update"], /name it with --game/],
      [["--update", "--game", files.wasm, "--reporter", "junit"], /not as junit/],
      [["--update", "--game", files.wasm, "--key", "some.pub"], /--update and --key contradict/],
      [["--update", "--game", files.wasm, "--against", files.wasm], /--update and --against contradict/],
      [["--update", "--game", join(folder, "none.wasm")], /cannot read the game/],
    ];
    for (const [args, said] of cases)
      expect(await run(verify, replay, ...args)).toMatchObject({ code: 2, errors: expect.stringMatching(said) });
    expect(await readFile(replay)).toEqual(before);
  });
});
