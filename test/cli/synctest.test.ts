// The command `samestep synctest`, called as the shell would: what it finds, how it says it, and what it advises.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { synctest } from "../../src/cli/synctest.js";
import { printSummary } from "../../src/cli/verify-text.js";
import { compileGame } from "../../src/toolchain/build.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samestep-"));
});

async function built(name: "leaky" | "scramble"): Promise<string> {
  const path = join(folder, `${name}.wasm`);
  await writeFile(path, (await compileGame({ entry: `test/games/${name}.ts` })).wasm);
  return path;
}

function said() {
  const io = {
    text: "",
    messages: "",
    out(text: string) {
      io.text += `${text}\n`;
    },
    err(text: string) {
      io.messages += `${text}\n`;
    },
  };
  return io;
}

describe("samestep synctest", () => {
  it("names one field as one, counts the frames it leaves out, and says where a leak comes from", async () => {
    const io = said();
    // The eleventh difference is the first that is left out. Seed 1 does not press the button that ends this game.
    expect(await synctest([await built("leaky"), "--frames", "11", "--distance", "1"], io)).toBe(1);
    expect(io.text).toMatch(/^frame 1: 1 field differs\n {4}steps +first 1 {3}again 2\n/);
    expect(io.text).toContain("and 1 more frame\nSomething that the step reads lies outside the @state arena.");
  });

  it("says that a game is the same every time", async () => {
    const io = said();
    expect(await synctest([await built("scramble"), "--frames", "60"], io)).toBe(0);
    expect(io.text).toMatch(/60 frames, each rolled back 8: the same every time\n$/);
  });

  it("without a game is wrong usage, in the voice of every command", async () => {
    const io = said();
    expect(await synctest([], io)).toBe(2);
    expect(io.messages).toBe("samestep synctest: name one game module\nSee: samestep synctest --help\n");
  });
});

describe("the summary of samestep verify", () => {
  it("says one replay and one that differs in the singular", () => {
    const io = said();
    printSummary([{ file: "a.replay", result: "differs" }], undefined, io);
    expect(io.text).toBe("\n0 equal, 1 differs of 1 replay\n");
  });
});
