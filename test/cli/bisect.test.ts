// samestep bisect, as a shell and as git see it: what parts two builds, and exit codes that `git bisect run` understands.
import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { bisect } from "../../src/cli/commands/bisect.js";
import { FIRE, HOOK_MS, LEFT, recorded, skeet } from "../desync/skeet.js";
import { run as called, put, temporary } from "./skeet-files.js";

/** As `npm run build` made it: git runs programs. */
const COMMAND = resolve("build/lib/cli/main.js");

let folder: string;
let match: string;
let good: string;
let bad: string;

beforeAll(async () => {
  folder = await temporary();
  const game = await skeet();
  good = await file("good.wasm", game.wasm);
  bad = await file("bad.wasm", (await skeet({ points: 2 })).wasm);
  const hands = (frame: number, seat: number) => (frame === 30 && seat === 1 ? FIRE | LEFT : 0);
  match = await file("match.replay", await recorded(game, hands));
}, HOOK_MS);

const file = (name: string, bytes: Uint8Array | string) => put(folder, name, bytes);
const run = (...args: string[]) => called(bisect, ...args);

describe("samestep bisect", () => {
  it("exits 0 where both builds compute the same", async () => {
    const { code, text } = await run(match, "--good", good, "--bad", good);
    expect({ code, text }).toEqual({ code: 0, text: expect.stringMatching(/the same as .*good\.wasm in 100 frames/) });
  });

  it("says what it could not compare where both compute the same otherwise", async () => {
    const wider = await file("wider.wasm", (await skeet({ fields: "combo: u16;" })).wasm);
    const { code, text } = await run(match, "--good", good, "--bad", wider);
    expect(code).toBe(0);
    expect(text).toMatch(
      /the same as .* in 100 frames\n.*compared by the names of fields\n +only in bad: shooters\[\]\.combo/,
    );
  });

  it("exits 1 and tells frame, field and both values in one line", async () => {
    const { code, text } = await run(match, "--good", good, "--bad", bad);
    expect(code).toBe(1);
    expect(text).toMatch(
      /bad\.wasm {2}parts from .*good\.wasm at frame 31, phase 2: shooters\[1\]\.score {2}good 1 {2}bad 2$/m,
    );
  });

  it("writes one JSON object with --json, whatever the build command says", async () => {
    const { code, text, errors } = await run(
      match,
      "--good",
      good,
      "--bad",
      bad,
      "--json",
      "--build",
      "echo compiling",
    );
    expect(code).toBe(1);
    expect(errors).toContain("compiling");
    expect(JSON.parse(text)).toMatchObject({
      schema: "samestep.bisect/1",
      result: "differs",
      frames: 30,
      parting: {
        kind: "state",
        frame: 31,
        step: 30,
        phase: { before: 2, after: 2, phases: 2 },
        comparedBy: "bytes",
        fields: [{ path: "shooters[1].score", before: "1", after: "2" }],
      },
    });
  });

  it("exits 125 where the bad build does not build, does not load, or takes other inputs", async () => {
    const otherPad = await file("pad.wasm", (await skeet({ pad: "aim: u8; buttons: u8;" })).wasm);
    const text = await file("text.wasm", "no module");
    const cases: [string[], RegExp][] = [
      [["--bad", bad, "--build", "echo 'no such name'; exit 3"], /the build failed \(3\): echo 'no such name'/],
      [["--bad", join(folder, "none.wasm")], /cannot read the game/],
      [["--bad", text], /text\S*: this is not a Samestep game/],
      [["--bad", otherPad], /@input class is another/],
    ];
    for (const [args, said] of cases) {
      const { code, errors } = await run(match, "--good", good, ...args);
      expect({ code, errors }).toEqual({ code: 125, errors: expect.stringMatching(said) });
    }
  });

  it("exits 128 where nothing can be asked, so that git stops instead of blaming a commit", async () => {
    const cases: [string[], RegExp][] = [
      [[], /name one replay/],
      [[match, "--bad", bad], /Name --good/],
      [[match, "--good", good], /Name --bad/],
      [[match, "--good", good, "--bda", bad], /did you mean --bad\?/],
      [[join(folder, "none.replay"), "--good", good, "--bad", bad], /there is no such file/],
      [[good, "--good", good, "--bad", bad], /not a Samestep replay/],
      [[match, "--good", join(folder, "none.wasm"), "--bad", bad], /cannot read the game/],
    ];
    for (const [args, said] of cases) {
      const { code, errors } = await run(...args);
      expect({ args, code, errors }).toEqual({ args, code: 128, errors: expect.stringMatching(said) });
    }
    expect((await run("--help")).code).toBe(0);
  });
});

describe("git bisect run", () => {
  it("finds the commit after which the match comes out differently, past commits that do not build", async () => {
    const repository = join(folder, "repository");
    await mkdir(repository);
    const git = (...args: string[]) => inFolder(repository, "git", ...args);
    await git("init", "--quiet");
    // A build is a copy here: the compiler has tests of its own.
    const builds = [good, good, "broken", good, bad, bad, "broken", bad];
    const commits: string[] = [];
    for (const [i, build] of builds.entries()) {
      if (build === "broken") await writeFile(join(repository, "source.wasm"), "does not compile");
      else await copyFile(build, join(repository, "source.wasm"));
      await writeFile(join(repository, "build.sh"), build === "broken" ? "exit 1" : "cp source.wasm game.wasm");
      await writeFile(join(repository, "notes"), `${i}`);
      await git("add", "source.wasm", "build.sh", "notes");
      await git("-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", `change ${i}`);
      commits.push((await git("rev-parse", "HEAD")).trim());
    }
    await git("bisect", "start", "HEAD", commits[0]!);
    const said = await git(
      ...["bisect", "run", process.execPath, COMMAND, "bisect", match, "--good", good],
      ...["--build", "sh build.sh", "--bad", "game.wasm"],
    );
    expect(said).toContain(`${commits[4]} is the first bad commit`);
    expect(said).toContain("frame 31, phase 2: shooters[1].score  good 1  bad 2");
  });
});

async function inFolder(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd });
  return stdout;
}
