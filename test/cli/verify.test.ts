// samestep verify, as a shell sees it: one line for each replay, and exit codes that CI can trust.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verify } from "../../src/cli/commands/verify.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { fighter, testGame } from "../games.js";
import { streams } from "../streams.js";

const GOOD = "fixtures/replays/01-perfect.replay";
/** Threads have a test file of their own. */
const ALONE = { aloneMs: Infinity, worker: new URL("file:///none") };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samestep-verify-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]) {
  const io = streams();
  const code = await verify(args, io, ALONE);
  return { code, text: io.text(), errors: io.errors() };
}

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** The good match written down again, with one thing changed. */
async function rewritten(change: (frame: number, record: Uint8Array) => void, keepState?: number): Promise<Uint8Array> {
  const parsed = parseReplay(await readFile(GOOD));
  const replay = (parsed as { replay: Replay }).replay;
  const simulation = await (await fighter()).simulation();
  const { gameHash, schemaHash, config, cellBytes } = replay;
  const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes });
  simulation.reset(config);
  let frame = 0;
  for (const borrowed of replay.records()) {
    const record = borrowed.slice();
    simulation.save(0);
    if (frame === keepState) recorder.keyframe(frame, simulation.copy(0), simulation.core);
    simulation.step(record);
    change(frame, record);
    recorder.confirmed(frame, record);
    frame += 1;
  }
  for (const { frame, chain } of replay.checks()) recorder.check(frame, chain);
  return recorder.finish();
}

/** Seat 0 presses one more button than he did. */
function pressedMore(frame: number, record: Uint8Array): void {
  if (frame === 700) record[8]! ^= 128;
}

describe("samestep verify", () => {
  it("prints a line for each replay and exits 0 when all are equal", async () => {
    const { code, text } = await run(GOOD, "fixtures/replays/02-lan.replay");
    expect(code).toBe(0);
    expect(text).toMatch(/✓ .*01-perfect\.replay {2}1,500 frames .* × real time/);
    expect(text).toMatch(/2 equal of 2 replays/);
  });

  it("exits 1 and names frame and field when the match came out differently", async () => {
    const changed = await rewritten(pressedMore, 720);
    const { code, text } = await run(await file("changed.replay", changed));
    expect(code).toBe(1);
    expect(text).toMatch(
      /✗ .*changed\.replay {2}first difference: frame 700, fighters\[0\]\.\S+ at frame 720, the next whole state on record, expected \d+, got \d+$/,
    );
  });

  it("exits 3, and never speaks of a difference, when a file is damaged, foreign, missing, or of another build", async () => {
    const bytes = await readFile(GOOD);
    bytes[bytes.length >> 1]! ^= 1;
    const leaky = await testGame("leaky");
    const game = await file("leaky.wasm", leaky.wasm);
    const cases: [string[], RegExp][] = [
      [[await file("damaged.replay", bytes)], /not verified: the file is damaged/],
      [["package.json"], /not verified: this is not a Samestep replay/],
      [[join(folder, "none.replay")], /not verified: there is no such file/],
      [[GOOD, "--game", game], /not verified: recorded with game build [0-9a-f]{16}, this is [0-9a-f]{16}/],
    ];
    for (const [args, said] of cases) {
      const { code, text } = await run(...args);
      expect(code, args.join(" ")).toBe(3);
      expect(text).toMatch(said);
      expect(text).not.toMatch(/difference/);
    }
  });

  it("exits 1 when one differs, whatever else is unreadable", async () => {
    const changed = await file("changed.replay", await rewritten(pressedMore));
    expect((await run(changed, "package.json")).code).toBe(1);
    expect((await run(GOOD, "package.json")).code).toBe(3);
  });

  it("exits 2 on wrong usage, and says what was meant", async () => {
    expect((await run()).code).toBe(2);
    const { code, errors } = await run(GOOD, "--jsn");
    expect(code).toBe(2);
    expect(errors).toMatch(/did you mean --json\?/);
    expect((await run("--help")).code).toBe(0);
  });

  it("writes one JSON object with --json", async () => {
    const { code, text } = await run(GOOD, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({
      schema: "samestep.verify/1",
      ok: true,
      replays: [{ file: GOOD, result: "equal", frames: 1500 }],
    });
  });
});
