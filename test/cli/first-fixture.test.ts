// From a game to a verified fixture in the shell, as an author would type it: each command by its name, with its exit code.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { temporary } from "./skeet-files.js";

const GAME = "build/games/fighter.wasm";

let folder: string;
let fixture: string;

beforeAll(async () => {
  folder = await temporary();
  fixture = join(folder, "first.replay");
});

function samestep(...args: string[]): Promise<{ code: number | null; text: string; errors: string }> {
  return new Promise((resolve) => {
    const child = execFile("node", ["build/lib/cli/main.js", ...args], (_, text, errors) => {
      resolve({ code: child.exitCode, text, errors });
    });
  });
}

/** What a line in a shell says on both streams: first what is printed, then what goes wrong. */
async function shellOf(line: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", line]);
  return stdout + stderr;
}

describe("an author's first fixture", () => {
  it("is recorded, told about, verified, and held against its own build", async () => {
    const recorded = await samestep("record", GAME, "--out", fixture, "--frames", "120", "--network", "wifi");
    expect(recorded).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^.*first\.replay {2}120 frames/),
      errors: "",
    });
    const told = await samestep("info", fixture);
    expect(told).toMatchObject({ code: 0, text: expect.stringMatching(/match +2 players, 120 frames, 2 s at 60/) });
    const verified = await samestep("verify", join(folder, "*.replay"), "--against", GAME, "--reporter", "github");
    expect(verified).toMatchObject({ code: 0, text: expect.stringMatching(/^✓ .*the same in build/) });
    expect(await samestep("synctest", GAME, "--frames", "60", "--bot", "hold")).toMatchObject({ code: 0 });
  });

  it("may be piped to somebody who does not read to the end", async () => {
    const said = await shellOf("node build/lib/cli/main.js replay fixtures/replays/05*.replay | head -1");
    expect(said).toMatch(/^frame +0 .*\n$/);
  });

  it.skipIf(!existsSync("/dev/full"))("says in one line what it could not write", async () => {
    const shell = (await shellOf("node build/lib/cli/main.js help > /dev/full; echo $?")).split("\n");
    expect(shell).toEqual(["4", expect.stringMatching(/^samestep: ENOSPC/), ""]);
  });

  it("says in one line that a file lies where a folder should be", async () => {
    const { code, errors } = await samestep("build", "assembly/games/fighter/index.ts", "--out", "package.json/x.wasm");
    expect({ code, errors }).toEqual({
      code: 4,
      errors: expect.stringMatching(/^samestep build: .*package\.json.*\n$/),
    });
  }, 60_000);

  it("is refused by every command in its own name, with the exit codes of its help", async () => {
    expect(await samestep("verify", join(folder, "none.replay"))).toMatchObject({ code: 3 });
    expect(await samestep("info", "package.json")).toMatchObject({ code: 3, text: "" });
    const record = await samestep("record", GAME);
    expect(record).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/^samestep record: where to\?.*\nSee: samestep/),
    });
    expect(await samestep("recrod")).toMatchObject({ code: 2, errors: expect.stringMatching(/did you mean record\?/) });
  });
});
