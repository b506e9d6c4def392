// The command `samestep synctest`, called as the shell would: what it finds, how it says it, and what it advises.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { BOTS } from "../../src/cli/bots.js";
import { synctest } from "../../src/cli/commands/synctest.js";
import { summary } from "../../src/cli/verify/text.js";
import { testGame } from "../games.js";
import { run, temporary } from "./skeet-files.js";

let leaky: string;
let scramble: string;

beforeAll(async () => {
  const folder = await temporary();
  leaky = join(folder, "leaky.wasm");
  scramble = join(folder, "scramble.wasm");
  await writeFile(leaky, (await testGame("leaky")).wasm);
  await writeFile(scramble, (await testGame("scramble")).wasm);
});

describe("samestep synctest", () => {
  it("names one field as one, counts the frames it leaves out, and says where a leak comes from", async () => {
    // The eleventh difference is the first that is left out. Seed 1 does not press the button that ends this game.
    const { code, text } = await run(synctest, leaky, "--frames", "11", "--distance", "1");
    expect(code).toBe(1);
    expect(text).toMatch(/^frame 1: 1 field differs\n {4}steps +first 1 {3}again 2\n/);
    expect(text).toContain("and 1 more frame\nSomething that the step reads lies outside the @state arena.");
  });

  it.each(Object.keys(BOTS))("says that a game is the same every time, whatever %s presses", async (bot) => {
    const { code, text } = await run(synctest, scramble, "--frames", "60", "--bot", bot, "--config", '{"coinValue":3}');
    expect([code, text]).toEqual([0, expect.stringMatching(/60 frames, each rolled back 8: the same every time$/)]);
  });

  it("is one JSON object with --json, with all that it takes to see it again", async () => {
    const same = await run(synctest, scramble, "--frames", "60", "--json", "--bot", "hold", "--seed", "3");
    expect([same.code, JSON.parse(same.text)]).toEqual([
      0,
      {
        ...{
          schema: "samestep.synctest/1",
          ok: true,
          game: scramble,
          gameHash: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
        ...{ frames: 60, players: 2, seed: 3, bot: "hold", rules: [0], checkDistance: 8, differences: [] },
      },
    ]);
    const differs = await run(synctest, leaky, "--frames", "11", "--distance", "1", "--json");
    const { ok, differences } = JSON.parse(differs.text);
    expect([differs.code, ok, differences.length]).toEqual([1, false, 11]);
    expect(differences[0]).toEqual({ frame: 1, fields: [{ path: "steps", before: "1", after: "2" }] });
  });

  it("tells the frame at which a game stops", async () => {
    // 255 is the button that ends it: one in 256 of what random presses.
    const { code, text } = await run(synctest, leaky, "--frames", "3000", "--distance", "1");
    expect([code, text]).toEqual([1, expect.stringMatching(/\nframe \d+: the game stopped: the button that breaks/)]);
    const json = await run(synctest, leaky, "--frames", "3000", "--distance", "1", "--json");
    expect(JSON.parse(json.text)).toMatchObject({ ok: false, trap: { why: expect.stringMatching(/^the button/) } });
  });

  it("is told what is wrong, in the voice of every command", async () => {
    const see = "\nSee: samestep synctest --help";
    expect(await run(synctest)).toMatchObject({ code: 2, errors: `samestep synctest: name one game module${see}` });
    const cases: [string[], RegExp][] = [
      [["none.wasm"], /cannot read the game none\.wasm: build it/],
      [["package.json"], /this is not a Samestep game/],
      [[scramble, "--distance", "64"], /--distance is a whole number from 1 to 63, not '64'/],
      [[scramble, "--bot", "idel"], /there is no bot 'idel'; did you mean idle\?/],
      [[scramble, "--config", '{"coinvalue":1}'], /has no field 'coinvalue'.* --config JSON/],
    ];
    for (const [args, said] of cases)
      expect(await run(synctest, ...args), args.join(" ")).toMatchObject({
        code: 2,
        errors: expect.stringMatching(said),
      });
  });
});

describe("the summary of samestep verify", () => {
  it("says one replay and one that differs in the singular", () => {
    expect(summary([{ file: "a.replay", result: "differs" }], undefined)).toBe("0 equal, 1 differs of 1 replay");
  });
});
