// samestep verify --reporter: the same results for people, scripts and CI, each in a form that its reader cannot misread.
import { beforeAll, describe, expect, it } from "vitest";
import { verify } from "../../src/cli/commands/verify.js";
import type { Line } from "../../src/cli/verify/file.js";
import { junitOf } from "../../src/cli/verify/junit.js";
import { REPORTERS } from "../../src/cli/verify/reporters.js";
import { streams } from "../streams.js";
import { parseXml } from "../xml.js";
import { run, type SkeetFiles, skeetFiles, temporary } from "./skeet-files.js";

const FIRST =
  "first difference: frame 41, shooters[1].score at frame 50, the next whole state on record, expected 3, got 1";

let folder: string;
let files: SkeetFiles;
let all: string[];

beforeAll(async () => {
  folder = await temporary();
  files = await skeetFiles(folder);
  all = [files.equal, files.differs, files.damaged, "package.json", "--game", files.wasm];
});

describe("--reporter pretty", () => {
  it("is what nobody has to ask for: frame, field, expected and got in one line", async () => {
    const { code, text } = await run(verify, ...all);
    expect(code).toBe(1);
    expect(text).toContain(`✗ ${files.differs}  ${FIRST}\n`);
    expect(text).toContain(`! ${files.damaged}  not verified: the file is damaged`);
    expect(text).toContain("1 equal, 1 differs, 2 not verified of 4 replays");
    expect(timeless((await run(verify, ...all, "--reporter", "pretty")).text)).toBe(timeless(text));
  });
});

describe("--reporter json", () => {
  it("is --json by another name", async () => {
    const [a, b] = [await run(verify, ...all, "--json"), await run(verify, ...all, "--reporter", "json")];
    expect(timeless(a.text)).toBe(timeless(b.text));
    expect(JSON.parse(a.text)).toMatchObject({
      schema: "samestep.verify/1",
      ok: false,
      replays: [
        { file: files.equal, result: "equal", frames: 100 },
        {
          result: "differs",
          difference: { frame: 41, fields: [{ path: "shooters[1].score", before: "3", after: "1" }] },
        },
        { result: "unreadable" },
        { file: "package.json", result: "unreadable" },
      ],
    });
  });
});

describe("--reporter junit", () => {
  it("is well-formed XML with a test case for each replay: failures for differences, errors for what is not verified", async () => {
    const { code, text } = await run(verify, ...all, "--reporter", "junit");
    expect(code).toBe(1);
    const suites = parseXml(text);
    const counts = { tests: "4", failures: "1", errors: "2" };
    expect(suites).toMatchObject({ name: "testsuites", attributes: counts });
    const [suite] = suites.children;
    expect(suite).toMatchObject({
      name: "testsuite",
      attributes: { ...counts, name: "samestep verify", skipped: "0" },
    });
    const [equal, differs, damaged] = suite!.children;
    expect(equal).toMatchObject({
      name: "testcase",
      attributes: { name: "equal.replay", classname: folder },
      children: [],
    });
    expect(Number(equal!.attributes.time)).toBeGreaterThan(0);
    expect(differs!.children).toMatchObject([{ name: "failure", attributes: { type: "differs", message: FIRST } }]);
    expect(damaged!.children).toMatchObject([
      { name: "error", attributes: { type: "unreadable" }, text: expect.stringMatching(/damaged/) },
    ]);
  });

  it("spells whatever a game or a file name says, or a character in its place that XML has", () => {
    const trap = "a < b && \"c\" > 'd' ]]> \u0000\u001b[31m\ud800 \u{1f3ae}\ttab\r\nline";
    const [testCase] = parseXml(junitOf([line({ file: 'a&b/<"c".replay', trap })])).children[0]!.children;
    expect(testCase!.attributes).toMatchObject({ file: 'a&b/<"c".replay', classname: "a&b", name: '<"c".replay' });
    const said = "a < b && \"c\" > 'd' ]]> \ufffd\ufffd[31m\ufffd \u{1f3ae}\ttab\r\nline";
    const text = `first difference: frame 7: the game stops there: ${said}`;
    expect(testCase!.children[0]).toMatchObject({ attributes: { message: text }, text });
  });
});

describe("--reporter github", () => {
  it("prints an error for each replay that is not equal, with its file, as a workflow command", async () => {
    const { code, text } = await run(verify, ...all, "--reporter", "github");
    expect(code).toBe(1);
    const lines = text.split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^✓ .*equal\.replay/);
    expect(lines[1]).toBe(`::error file=${files.differs},title=samestep verify%3A differs::${FIRST}`);
    expect(lines[2]).toMatch(
      /^::error file=.*damaged\.replay,title=samestep verify%3A unreadable::not verified: the file is/,
    );
    expect(lines[4]).toContain("1 equal, 1 differs, 2 not verified of 4 replays");
  });

  it("lets neither a file's name nor a game's words end the command or begin another", () => {
    const io = streams();
    const { line: tell } = REPORTERS.github(io);
    tell(line({ file: "a,b:c%.replay", trap: "100%\r\n::error::no" }));
    expect(io.text()).toBe(
      "::error file=a%2Cb%3Ac%25.replay,title=samestep verify%3A differs::" +
        "first difference: frame 7: the game stops there: 100%25%0D%0A::error::no",
    );
  });
});

describe("--reporter", () => {
  it("says which there are, and which was meant", async () => {
    const unknown = await run(verify, ...all, "--reporter", "tap");
    expect(unknown).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/there is no reporter 'tap': pretty, json, junit, github\n/),
    });
    expect(await run(verify, ...all, "--reporter", "junt")).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/did you mean junit\?/),
    });
    const both = await run(verify, ...all, "--reporter", "junit", "--json");
    expect(both).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/--json and --reporter junit contradict each other/),
    });
  });

  it("changes no exit code", async () => {
    for (const reporter of Object.keys(REPORTERS)) {
      const codes = [files.equal, files.differs, files.damaged].map(
        async (file) => (await run(verify, file, "--game", files.wasm, "--reporter", reporter)).code,
      );
      expect(await Promise.all(codes), reporter).toEqual([0, 1, 3]);
    }
  });
});

/** What is told of a match that stops at frame 7. */
function line({ file, trap }: { file: string; trap: string }): Line {
  const difference = { frame: 7, end: 8, fieldsAt: undefined, leaf: undefined, fields: [], trap };
  return { file, result: "differs", difference };
}

function timeless(text: string): string {
  return text.replace(/[\d,.]+ ms|\d+ × |"(ms|realTime|perCore|inAll)": [\d.]+/g, "N");
}
