// samestep info: says what each kind of file is, never what it is not, and survives whatever a file holds.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { info } from "../../src/cli/commands/info.js";
import { Random } from "../../src/netsim/random.js";
import { parseReplay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { type DesyncReport, REPORT_SCHEMA } from "../../src/session/evidence/report.js";
import { AUTHORITY } from "../../src/wire/limits.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";
import { buildSource } from "../toolchain/project.js";
import { run, type SkeetFiles, skeetFiles, temporary } from "./skeet-files.js";

const FIXTURE = "fixtures/replays/12-browser-seat-1-80ms-2pct.replay";
const HASH = "0123456789abcdef";

let folder: string;
let files: SkeetFiles;

beforeAll(async () => {
  folder = await temporary();
  files = await skeetFiles(folder);
});

async function file(name: string, content: Uint8Array | string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function json(...args: string[]) {
  const { code, text } = await run(info, ...args, "--json");
  expect(code).toBe(0);
  return JSON.parse(text);
}

describe("samestep info of a replay", () => {
  it("tells build, match, settings by name, seats, hashes and signature", async () => {
    const { code, text } = await run(info, FIXTURE);
    expect(code).toBe(0);
    expect(text.split("\n")[0]).toBe(`${FIXTURE}: a replay`);
    expect(text).toMatch(/\n {2}build +[0-9a-f]{16}\n/);
    expect(text).toMatch(/\n {2}match +2 players, 1,097 frames, 18\.3 s at 60 a second\n/);
    expect(text).toMatch(/\n {2}timing +at most 8 frames predicted, input delay 2, waits for late inputs\n/);
    expect(text).toMatch(/\n {2}settings +roundSeconds \d+, roundsToWin \d+, /);
    expect(text).toMatch(/\n {2}seats +0: pressed something in \d+ of 1,097 frames\n +1: pressed something in \d+ of/);
    expect(text).toMatch(/\n {2}hashes +1,097 values of the hash chain, from frame 1 to 1097\n +19 whole states, from/);
    expect(text).toMatch(/\n {2}result +not signed\n/);
  });

  it("is one JSON object with --json", async () => {
    const replay = (parseReplay(await readFile(FIXTURE)) as { replay: { gameHash: string } }).replay;
    expect(await json(FIXTURE)).toMatchObject({
      ...{ schema: "samestep.info/1", file: FIXTURE, kind: "replay", gameHash: replay.gameHash, buildFound: true },
      ...{ frames: 1097, config: { players: 2, predictionWindow: 8 }, settings: { roundSeconds: expect.any(Number) } },
      ...{ checks: { count: 1097, first: 1, last: 1097 }, keyframes: { count: 19, first: 0, last: 1080 } },
    });
  });

  it("tells who was away, late or idle, what nobody can name, and what a server states", async () => {
    const config = {
      ...{ players: 3, inputBytes: 2, framesPerSecond: 60, predictionWindow: 0, inputDelay: 1, ...MATCH_DEFAULTS },
      ...{ dropAfterMs: 3000, seedLow: 1, seedHigh: 1, rules: Uint8Array.of(0xab, 1), policy: 1 },
    };
    const recorder = new ReplayRecorder({ gameHash: HASH, schemaHash: HASH, config, cellBytes: 10 });
    for (let frame = 0; frame < 10; frame++) {
      const record = new Uint8Array(30);
      record.set([frame < 6 ? 1 : 0, 0, 1, 0, 0, 0, 0, 0, frame % 2], 0);
      record.set([frame === 4 ? 2 : frame === 7 ? 0 : 1, 0, 2, 0], 10);
      recorder.confirmed(frame, record);
    }
    const path = await file("away.replay", recorder.finish());
    const { text } = await run(info, path);
    expect(text).toMatch(/\n {2}build +0123456789abcdef, which is not here\n/);
    expect(text).toMatch(/\n {2}timing +lockstep, input delay 1, replaces late inputs\n/);
    expect(text).toMatch(/\n {2}seed +4294967297\n/);
    expect(text).toMatch(/\n {2}settings +ab01 \(its build is not here to name them\)\n/);
    expect(text).toMatch(/0: pressed something in 3 of 6 frames, gone from frame 6\n/);
    expect(text).toMatch(/1: pressed something in 0 of 9 frames, too late in 1, away for 1 frame\n/);
    expect(text).toMatch(/2: never here\n/);
    expect(text).toMatch(/no values of the hash chain\n +no whole states\n/);
    expect(await json(path)).toMatchObject({ settings: "ab01", buildFound: false, config: { seed: "4294967297" } });
  });
});

describe("samestep info of a game", () => {
  it("tells identities, state, input, settings, events and phases", async () => {
    const { code, text } = await run(info, "build/games/fighter.wasm");
    expect(code).toBe(0);
    expect(text).toMatch(/^build\/games\/fighter\.wasm: a game\n {2}build +[0-9a-f]{16}\n {2}schema +[0-9a-f]{16}\n/);
    expect(text).toMatch(/\n {2}plays +60 frames a second, 2 players\n {2}state +World, [\d,]+ bytes\n/);
    expect(text).toMatch(/fighters: Fighter\[2\]\n/);
    expect(text).toMatch(/\n {2}input +Pad, 2 bytes: buttons: u16\n {2}settings +Rules, \d bytes: roundSeconds: u8/);
    expect(text).toMatch(/\n {2}events +Clash, 8 bytes: x: fixed, y: fixed\n/);
    expect(text).toMatch(/\n {2}phases +1, 2, 3, 4, 5\n/);
  });

  it("tells of commands, and of a game without settings, events or phases", async () => {
    expect((await run(info, "build/games/skirmish.wasm")).text).toMatch(/input .*; commands, each carried out once\n/);
    const { text } = await run(info, await file("leaky.wasm", (await testGame("leaky")).wasm));
    expect(text).toMatch(/\n {2}settings +none\n {2}events +none\n {2}phases +it marks none\n/);
    expect(await json(files.wasm)).toMatchObject({
      ...{ kind: "game", gameHash: files.game.gameHash, schemaHash: files.game.schemaHash, layout: "arena" },
      ...{ players: { min: 1, max: 4 }, root: "World", proven: true },
      stateBytes: files.game.schema.regions.state.size,
    });
  });

  it("finds the phases that the code marks, wherever and however large, and nothing else that is stored", async () => {
    const { wasm } = await buildSource(`
      import { arena, inputOf, phase } from "samestep/assembly/sdk";
      @input export class Pad { buttons: u8; }
      @state export class World { frame: i32; seen: u64; }
      export const world = arena<World>();
      export function init(): void { world.seen = 7; }
      export function step(): void {
        phase(-2);
        world.frame = 9;
        if (inputOf<Pad>(0).buttons) { phase(100000); world.seen = 8; } else phase(64);
        phase(64);
      }`);
    const game = await file("phases.wasm", wasm);
    expect(await json(game)).toMatchObject({ phases: [-2, 64, 100_000] });
    // A number that JSON's readers would round is told as text.
    const ones = await file("ones.state", new Uint8Array((await json(game)).stateBytes).fill(255));
    expect(await json(ones, "--game", game)).toMatchObject({ state: { frame: -1, seen: "18446744073709551615" } });
  });

  it("refuses a module that is no game, or none that could be played", async () => {
    const empty = await file("empty.wasm", Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    const broken = await file("broken.wasm", files.game.wasm.subarray(0, 200));
    for (const path of [empty, broken]) {
      const { code, errors } = await run(info, path);
      expect([code, errors]).toEqual([
        3,
        expect.stringMatching(/a WebAssembly module, and no game that could be played: /),
      ]);
    }
  });
});

describe("samestep info of a report", () => {
  const side = (party: number) => ({
    party,
    hash: HASH,
    inputsHash: "00000001",
    rerun: undefined,
    rollbacks: [],
    record: undefined,
  });
  const identity = {
    ...{ samestep: "0.1.0", engine: "V8 11", platform: "" },
    ...{ game: HASH, schema: HASH, core: HASH, config: HASH },
  };
  const report: DesyncReport = {
    ...{
      schema: REPORT_SCHEMA,
      own: 0,
      frame: 700,
      noticed: 704,
      verdict: "restore",
      why: "a cache",
      differs: "state",
    },
    ...{ blamed: [1], agree: 2, of: 3, healed: undefined, note: undefined, start: "AAAA" },
    sides: [
      { ...side(1), identity },
      { ...side(AUTHORITY), identity: undefined },
    ],
    fields: [{ path: "fighters[0].x", values: ["1.5 (0x00018000)", "2.5 (0x00028000)"] }],
    leaves: [{ index: 3, bytes: ["AA==", "AQ=="] }],
    inputs: [{ seat: 0, begin: 640, inputs: ["01", "02"], presence: "hh", marks: ["cc", undefined] }],
    config: {
      ...{ players: 3, framesPerSecond: 60, predictionWindow: 8, inputDelay: 2, ...MATCH_DEFAULTS },
      ...{ inputBytes: 2, dropAfterMs: 5000, seed: "0000000000000007", rules: "" },
    },
    took: { ms: 210, roundTrips: 2 },
  };

  it("tells frame, verdict, whose fault, what both ran, and the fields", async () => {
    const { code, text } = await run(info, await file("desync.json", JSON.stringify(report)));
    expect(code).toBe(0);
    expect(text).toMatch(/desync\.json: the report of a desync by seat 1\n/);
    expect(text).toMatch(
      /\n {2}frame +700, the first whose state differs; noticed at 704\n {2}verdict +restore: a cache\n/,
    );
    expect(text).toMatch(/\n {2}blamed +seat 1; 2 of 3 compute the same\n/);
    expect(text).toMatch(
      /seat 1: 0123456789abcdef\n +build 0123456789abcdef, Samestep 0\.1\.0, V8 11\n +the server: 01/,
    );
    expect(text).toMatch(/\n {2}fields +fighters\[0\]\.x {2}seat 1 1\.5 \(0x00018000\) {3}the server 2\.5/);
    expect(text).toMatch(/\n {2}inputs +0: frames 640 to 641\n {2}start +the state of frame 699 is in it/);
    expect(await json(join(folder, "desync.json"))).toMatchObject({ kind: "report", report: { frame: 700 } });
  });

  it("takes no other JSON for one, nor one whose parts have another shape", async () => {
    const { fields: _, ...torn } = report;
    const cases: [unknown, RegExp][] = [
      [
        { ...report, schema: "samestep.desync/9" },
        /a report samestep\.desync\/9; this version of Samestep reads .*\/1$/,
      ],
      [{ schema: "samestep.verify/1" }, /no report of a desync, but what samestep verify --json has written/],
      [{ name: "a package" }, /JSON, but no report of a desync/],
      [[1, 2], /JSON, but no report/],
      [torn, /parts that make no sense/],
      [{ ...report, sides: [report.sides[0]] }, /parts that make no sense/],
      [{ ...report, sides: [null, null] }, /parts that make no sense/],
      [{ ...report, fields: [{ path: 7 }] }, /parts that make no sense/],
      [{ ...report, config: null }, /parts that make no sense/],
    ];
    for (const [value, why] of cases) {
      const { code, errors } = await run(info, await file("other.json", JSON.stringify(value)));
      expect([code, errors]).toEqual([3, expect.stringMatching(why)]);
    }
  });
});

describe("samestep info of a snapshot", () => {
  it("tells its hash and its numbers, as the game that is named lays them out", async () => {
    const simulation = await files.game.simulation();
    simulation.reset({ players: 2, seedLow: 7, seedHigh: 0, rules: new Uint8Array(0) });
    for (let i = 0; i < 5; i++) simulation.step(new Uint8Array(2 * simulation.cellBytes));
    simulation.save(0);
    const state = await file("frame.state", simulation.copy(0));
    const { code, text } = await run(info, state, "--game", files.wasm);
    expect(code).toBe(0);
    expect(text).toMatch(
      new RegExp(`frame\\.state: a state of build ${files.game.gameHash}\n {2}hash +[0-9a-f]{16}\n`),
    );
    expect(text).toMatch(/\n {2}World +frame 5\n +random of \w+\n +shooters of Shooter, 4 of them$/);
    expect(await json(state, "--game", files.wasm)).toMatchObject({
      kind: "snapshot",
      state: { frame: 5, random: {} },
    });
  });

  it("is asked for its game, and refused where it is none of its states", async () => {
    const path = await file("some.state", new Uint8Array(5));
    expect(await run(info, path)).toMatchObject({
      code: 3,
      errors: expect.stringMatching(/name its game with --game/),
    });
    const { code, errors } = await run(info, path, "--game", files.wasm);
    expect([code, errors]).toEqual([
      3,
      expect.stringMatching(/no state of build \w+: it has 5 bytes, and a state \d+ bytes/),
    ]);
  });
});

describe("samestep info", () => {
  it("says what is wrong with its arguments, and with a file", async () => {
    const cases: [string[], number, RegExp][] = [
      [[], 2, /name one file/],
      [[FIXTURE, FIXTURE], 2, /name one file/],
      [[FIXTURE, "--game", join(folder, "none.wasm")], 2, /cannot read the game/],
      [[FIXTURE, "--jsn"], 2, /did you mean --json\?/],
      [[join(folder, "none.replay")], 3, /none\.replay: there is no such file/],
      [[folder], 3, /it is a directory/],
      [[files.damaged], 3, /the file is damaged/],
    ];
    for (const [args, code, said] of cases)
      expect(await run(info, ...args), args.join(" ")).toMatchObject({ code, errors: expect.stringMatching(said) });
    expect((await run(info, "--help")).code).toBe(0);
  });

  it("answers or refuses whatever bytes it is given, and never throws", async () => {
    const random = new Random(5);
    const wholes = [await readFile(FIXTURE), files.game.wasm, (await testGame("scramble")).wasm];
    for (let i = 0; i < 60; i++) {
      const bytes = Uint8Array.from(random.pick(wholes));
      for (let flips = random.below(4); flips >= 0; flips--) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
      const path = await file("torn", random.chance(0.3) ? bytes.subarray(0, random.below(bytes.length)) : bytes);
      expect([0, 3]).toContain((await run(info, path)).code);
    }
  });
});
