// samestep record: a first fixture in one command, the same bytes for the same options, and no file where there is no match.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { record } from "../../src/cli/commands/record.js";
import { verify } from "../../src/cli/commands/verify.js";
import { PRESETS } from "../../src/netsim/conditions.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { testGame } from "../games.js";
import { buildSource } from "../toolchain/project.js";
import { run, temporary } from "./skeet-files.js";

/** With settings that must be given, and a button that stops it. */
const PICKY = `
  import { arena, configOf, inputOf } from "samestep/assembly/sdk";
  @input export class Pad { jump: bool; buttons: u8; }
  @config export class Rules { lives: u8; }
  @state export class World { frame: u32; jumps: u32; }
  export const world = arena<World>();
  export function init(): void { assert(configOf<Rules>().lives > 0, "how many lives?"); }
  export function step(): void {
    world.frame++;
    world.jumps += inputOf<Pad>(0).jump ? 1 : 0;
    assert(configOf<Rules>().lives != 2 || world.frame < 30, "all lives are lost");
  }`;

let folder: string;
let scramble: string;
let picky: string;
let out: string;

beforeAll(async () => {
  folder = await temporary();
  out = join(folder, "new/match.replay");
  scramble = join(folder, "scramble.wasm");
  picky = join(folder, "picky.wasm");
  await writeFile(scramble, (await testGame("scramble")).wasm);
  await writeFile(picky, (await buildSource(PICKY)).wasm);
});

async function bytesOf(...args: string[]): Promise<Buffer> {
  const path = join(folder, "some.replay");
  expect(await run(record, scramble, "--out", path, "--frames", "90", ...args)).toMatchObject({ code: 0, errors: "" });
  return readFile(path);
}

async function replayOf(...args: string[]): Promise<Replay> {
  return (parseReplay(await bytesOf(...args)) as { replay: Replay }).replay;
}

describe("samestep record", () => {
  it("writes a match that verifies, of as many frames as were asked for", async () => {
    const { code, text } = await run(record, scramble, "--out", out, "--frames", "123", "--players", "3");
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/^\S+new\/match\.replay {2}123 frames, 3 players {2}[\d,]+ bytes$/),
    ]);
    const verified = await run(verify, out, "--game", scramble, "--json");
    expect(JSON.parse(verified.text)).toMatchObject({ ok: true, replays: [{ frames: 123 }] });
  });

  it("plays with one player, and with settings", async () => {
    const { text } = await run(record, picky, "--out", out, "--config", '{"lives":1}', "--frames", "30");
    expect(text).toMatch(/30 frames, 1 player {2}/);
    expect((await run(verify, out, "--game", picky)).code).toBe(0);
  });

  it.each(Object.keys(PRESETS))("plays over the network %s", async (network) => {
    const { text } = await run(record, scramble, "--out", out, "--network", network, "--frames", "90");
    expect(text).toMatch(/90 frames, 2 players/);
    if (network === "bad") expect(text).toMatch(/, \d+ frames rolled back at most/);
    expect((await run(verify, out, "--game", scramble)).code).toBe(0);
  });

  it("writes the same bytes for the same options, and others for another seed, bot, player or network", async () => {
    const first = await bytesOf("--seed", "5");
    expect(await bytesOf("--seed", "5")).toEqual(first);
    const others = [
      ["--seed", "6"],
      ["--bot", "hold"],
      ["--players", "3"],
      ["--input-delay", "3"],
    ];
    for (const args of others) expect(await bytesOf("--seed", "5", ...args), args.join(" ")).not.toEqual(first);
  });

  it("keeps the match's settings in the replay", async () => {
    const args = ["--seed", "9", "--window", "0", "--input-delay", "4", "--config", '{"coinValue":7}'];
    const { config } = await replayOf(...args);
    expect(config).toMatchObject({ players: 2, seedLow: 9, predictionWindow: 0, inputDelay: 4, policy: 0 });
    expect([...config.rules]).toEqual([7]);
  });

  it("writes nothing where a game does not start, stops, or is not restored by a rollback", async () => {
    const none = join(folder, "none.replay");
    const leaky = join(folder, "leaky.wasm");
    await writeFile(leaky, (await testGame("leaky")).wasm);
    const cases: [string[], number, RegExp][] = [
      [[picky], 2, /cannot start with these settings: how many lives\?.*--config/],
      [[picky, "--config", '{"lives":2}'], 1, /the match ended early: .*all lives are lost/],
      [
        [leaky, "--players", "2", "--network", "mobile"],
        1,
        /at frame \d+ the players' states part.* samestep synctest names/,
      ],
      [[scramble, "--network", "perfect", "--loss", "100"], 1, /came to frame 0 of 600 only/],
    ];
    for (const [args, code, said] of cases) {
      const { code: got, errors } = await run(record, ...args, "--out", none);
      expect([got, errors]).toEqual([code, expect.stringMatching(said)]);
      expect(existsSync(none)).toBe(false);
    }
  });

  it("says what is wrong with its options", async () => {
    const cases: [string[], RegExp][] = [
      [[], /name one game module/],
      [[scramble, picky, "--out", out], /name one game module/],
      [[scramble], /where to\? Name --out FILE\.replay/],
      [[scramble, "--out", "match.wasm"], /where to\?/],
      [[join(folder, "none.wasm"), "--out", out], /cannot read the game .*none\.wasm/],
      [["package.json", "--out", out], /package\.json: this is not a Samestep game/],
      [[scramble, "--out", out, "--bot", "hodl"], /there is no bot 'hodl'; did you mean hold\?/],
      [[scramble, "--out", out, "--bot", "clever"], /there is no bot 'clever': random, hold, idle/],
      [[scramble, "--out", out, "--frames", "0"], /--frames is a whole number from 1 to \d+, not '0'/],
      [[scramble, "--out", out, "--players", "1"], /this game has 2 to \d+ players, not '1'/],
      [[scramble, "--out", out, "--seed", "x"], /--seed is a whole number .* not 'x'/],
      [[scramble, "--out", out, "--input-delay", "16"], /--input-delay is a whole number of frames from 0 to 15/],
      [[scramble, "--out", out, "--window", "-1"], /--window/],
      [[scramble, "--out", out, "--network", "wify"], /there is no network 'wify' \(did you mean wifi\?\)/],
      [[scramble, "--out", out, "--config", "{coins"], /--config is no JSON/],
      [[scramble, "--out", out, "--config", "[1]"], /--config is a JSON object/],
      [[scramble, "--out", out, "--config", '{"coins":1}'], /has no field 'coins'; it has coinValue/],
      [[scramble, "--out", out, "--config", '{"coinValue":256}'], /256, which no u8 holds/],
      [[scramble, "--out", out, "--sed", "1"], /did you mean --seed\?/],
    ];
    for (const [args, said] of cases) {
      expect(await run(record, ...args), args.join(" ")).toMatchObject({
        code: 2,
        errors: expect.stringMatching(said),
      });
    }
    expect((await run(record, "--help")).text).toMatch(/--bot NAME.*\n +random .*\n +hold .*\n +idle /);
  });

  it("exits 4 where the file cannot be written", async () => {
    const { code, errors } = await run(record, scramble, "--out", join(scramble, "in-a-file.replay"), "--frames", "1");
    expect([code, errors]).toEqual([4, expect.stringMatching(/in-a-file\.replay cannot be written/)]);
  });
});
