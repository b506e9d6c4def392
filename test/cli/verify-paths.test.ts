// Which replays are meant: quoted patterns mean what a shell would have made of them, and of nothing else than replays.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { verify } from "../../src/cli/commands/verify.js";
import { replaysOf } from "../../src/cli/verify/paths.js";
import { run, temporary } from "./skeet-files.js";

const FILES = [
  "a.replay",
  "b.replay",
  "ab.replay",
  "b.replay.part",
  "notes.txt",
  "deep/c.replay",
  "deep/er/a.replay",
  "deep/er/d[1].replay",
  "other/c.replay",
  ".hidden/a.replay",
  "deep/.a.replay",
];

let folder: string;

beforeAll(async () => {
  folder = await temporary();
  for (const file of FILES) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), "no replay");
  }
});

async function meant(pattern: string): Promise<string[]> {
  return (await replaysOf([join(folder, pattern)])).map((path) => path.slice(folder.length + 1));
}

describe("a pattern", () => {
  it.each<[string, string[]]>([
    ["*.replay", ["a.replay", "ab.replay", "b.replay"]],
    ["?.replay", ["a.replay", "b.replay"]],
    ["*/c.replay", ["deep/c.replay", "other/c.replay"]],
    ["{deep,other}/*.replay", ["deep/c.replay", "other/c.replay"]],
    ["**/a.replay", ["a.replay", "deep/er/a.replay"]],
    ["deep/**", ["deep/c.replay", "deep/er/a.replay", "deep/er/d[1].replay"]],
    ["deep/**/*.replay", ["deep/c.replay", "deep/er/a.replay", "deep/er/d[1].replay"]],
    ["**/d[1].*", ["deep/er/d[1].replay"]],
    ["b*", ["b.replay"]],
    [".hidden/*", [".hidden/a.replay"]],
    ["deep/.*", ["deep/.a.replay"]],
    ["a?replay", ["a.replay"]],
  ])("%s means %j", async (pattern, files) => {
    expect(await meant(pattern)).toEqual(files);
  });

  it("means files below where one stands, too", async () => {
    expect(await replaysOf(["fixtures/replays/0[12]*"])).toEqual(["fixtures/replays/0[12]*"]);
    expect(await replaysOf(["fixtures/replays/0?-{perfect,lan}.replay"])).toEqual([
      "fixtures/replays/01-perfect.replay",
      "fixtures/replays/02-lan.replay",
    ]);
    expect(await replaysOf(["fixtures/*/02*"])).toEqual(["fixtures/replays/02-lan.replay"]);
    expect(await replaysOf(["./fixtures/*/02*"])).toEqual(["fixtures/replays/02-lan.replay"]);
    expect(await replaysOf(["*/replays/02*"])).toEqual(["fixtures/replays/02-lan.replay"]);
  });

  it("is a file's own name where there is such a file", async () => {
    await writeFile(join(folder, "what?.replay"), "no replay");
    await writeFile(join(folder, "whats.replay"), "no replay");
    expect(await meant("what?.replay")).toEqual(["what?.replay"]);
  });

  it("that nothing matches is told as one, and not taken for verified", async () => {
    const { code, text } = await run(verify, join(folder, "x*.replay"));
    expect([code, text]).toEqual([
      3,
      expect.stringMatching(/x\*\.replay {2}not verified: no replay matches this pattern$/),
    ]);
  });
});
