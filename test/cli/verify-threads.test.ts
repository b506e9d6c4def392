// samestep verify on several threads: the same words as on one, in the same order, whatever happens to a thread.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Threads, verify } from "../../src/cli/commands/verify.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import type { Game } from "../../src/simulation/game.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";
import { testGame } from "../games.js";
import { streams } from "../streams.js";

const FIXTURES = "fixtures/replays";
const FIXTURES_COUNT = readdirSync(FIXTURES).filter((name) => name.endsWith(".replay")).length;
const FIRST = `${FIXTURES}/01-perfect.replay`;
const SECOND = `${FIXTURES}/02-lan.replay`;
const THIRD = `${FIXTURES}/03-cable-40ms.replay`;

/** As `npm run build` made them; started before anything is verified in this thread. */
const AT_ONCE: Threads = { aloneMs: -1, worker: pathToFileURL("build/lib/cli/verify/worker.js") };
const NEVER: Threads = { aloneMs: Infinity, worker: AT_ONCE.worker };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samestep-threads-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(threads: Threads, ...args: string[]) {
  const io = streams();
  const code = await verify(args, io, threads);
  return { code, text: io.text(), errors: io.errors() };
}

/** Workers that do as the test says: `body` sees `port`, and is run for each `file` they are sent. */
function workers(body: string): Threads {
  const source = `
    import { parentPort as port } from "node:worker_threads";
    const channel = new BroadcastChannel("samestep-test");
    channel.unref();
    const say = (file) => port.postMessage({ file, result: "equal", frames: 60, playedMs: 1000, ms: 1, realTime: 1000 });
    port.on("message", (file) => { ${body} });`;
  return { aloneMs: -1, worker: new URL(`data:text/javascript,${encodeURIComponent(source)}`) };
}

/** What is said, without how long it took. */
function timeless(text: string): string {
  return text
    .replace(/[\d,.]+ ms/g, "N ms")
    .replace(/\d+ × /g, "N × ")
    .replace(/"(ms|realTime|perCore|inAll)": [\d.]+/g, '"$1": N');
}

describe("samestep verify --jobs", () => {
  it.each(["lines", "json"])("says the same on one thread and on three, in %s", async (form) => {
    const damaged = join(folder, "damaged.replay");
    await writeFile(damaged, "SAMESTEP, but no replay");
    const args = [
      FIXTURES,
      damaged,
      "package.json",
      join(folder, "none.replay"),
      ...(form === "json" ? ["--json"] : []),
    ];
    const one = await run(AT_ONCE, ...args, "--jobs", "1");
    const three = await run(AT_ONCE, ...args, "--jobs", "3");
    expect(one.text).toContain(
      form === "json"
        ? '"result": "equal"'
        : `${FIXTURES_COUNT} equal, 3 not verified of ${FIXTURES_COUNT + 3} replays`,
    );
    expect(timeless(three.text)).toBe(timeless(one.text));
    expect([one.code, three.code]).toEqual([3, 3]);
  });

  it("starts no thread before the one that runs already has had its time", async () => {
    const dead = { aloneMs: Infinity, worker: new URL("file:///no/such/worker.js") };
    expect((await run(dead, FIRST, SECOND, "--jobs", "2")).code).toBe(0);
    expect((await run({ ...dead, aloneMs: -1 }, FIRST, SECOND, "--jobs", "2")).code).toBe(3);
  });

  it("starts none for one file, and none with --jobs 1", async () => {
    const dead = { aloneMs: -1, worker: new URL("file:///no/such/worker.js") };
    expect((await run(dead, FIRST, "--jobs", "8")).code).toBe(0);
    expect((await run(dead, FIRST, SECOND, "--jobs", "1")).code).toBe(0);
  });

  it("prints in the order of the files, though a later one is known first", async () => {
    // The first one waits until the second is telling its line.
    const channel = new BroadcastChannel("samestep-test");
    const heard = new Set<unknown>();
    channel.onmessage = (event) => {
      heard.add((event as MessageEvent).data);
      if (heard.size === 2) channel.postMessage("go");
    };
    const lateFirst = workers(`
      if (file.includes("01")) channel.onmessage = ({ data }) => data === "go" && say(file), channel.postMessage("here");
      else channel.postMessage("said"), say(file);`);
    const { text, code } = await run(lateFirst, FIRST, SECOND, "--jobs", "2");
    channel.close();
    expect(text.match(/0\d-\w+/g)).toEqual(["01-perfect", "02-lan"]);
    expect(text).toMatch(/2 equal of 2 replays {2}1000 × real time per core, \d+ × in all/);
    expect(code).toBe(0);
  });

  it("tells of a thread that dies as that file's result, with the reason, and goes on with the others", async () => {
    const deaths = { "process.exit(7)": "exit code 7", 'throw new Error("out of luck")': "out of luck" };
    for (const [death, reason] of Object.entries(deaths)) {
      const mortal = workers(`if (file.includes("02")) ${death}; say(file);`);
      // Three deaths on two threads: one at least died twice.
      const { text, code } = await run(mortal, FIRST, SECOND, SECOND, SECOND, THIRD, "--jobs", "2");
      expect(text).toMatch(/✓ .*01.*\n(! .*02-lan\.replay {2}not verified: its thread died: .*\n){3}✓ .*03/);
      expect(text).toContain(`its thread died: ${reason}\n`);
      expect(text).toContain("2 equal, 3 not verified of 5 replays");
      expect(text).not.toContain("difference");
      expect(code).toBe(3);
    }
  });

  it("tells of every file when no thread can be started at all", async () => {
    const none = { aloneMs: -1, worker: pathToFileURL(join(folder, "none.js")) };
    const { text, code } = await run(none, FIRST, SECOND, THIRD, "--jobs", "2");
    expect(text.match(/not verified: its thread died: Cannot find module/g)).toHaveLength(3);
    expect(code).toBe(3);
  });

  it("gives the game of --game to every thread", async () => {
    const game = await testGame("leaky");
    const away = join(folder, "away");
    await mkdir(away);
    await writeFile(join(away, "leaky.wasm"), game.wasm);
    const files = ["one", "two", "three"].map((name) => join(folder, `${name}.replay`));
    for (const file of files) await writeFile(file, recording(game, 40));
    const { text, code } = await run(AT_ONCE, ...files, "--jobs", "2", "--game", join(away, "leaky.wasm"));
    expect(text.match(/first difference: between frames 0 and 39/g)).toHaveLength(3);
    expect(code).toBe(1);
  });

  it.each(["0", "257", "1.5", "two", ""])("refuses --jobs '%s'", async (jobs) => {
    const { code, errors } = await run(NEVER, FIRST, "--jobs", jobs);
    expect(code).toBe(2);
    expect(errors).toContain(`--jobs is a whole number of threads from 1 to 256, not '${jobs}'`);
  });

  it("leaves nothing behind on Ctrl-C, however busy its threads are", async () => {
    const game = await testGame("slow");
    const wasm = join(folder, "slow.wasm");
    await writeFile(wasm, game.wasm);
    const files = [join(folder, "some-frames.replay"), join(folder, "an-hour.replay")];
    await writeFile(files[0]!, recording(game, 150));
    await writeFile(files[1]!, recording(game, 216_000));
    const child = spawn("node", ["build/lib/cli/main.js", "verify", ...files, "--jobs", "2", "--game", wasm]);
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
      child.kill("SIGINT");
    });
    const ended = await new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
    expect(ended).toEqual({ code: null, signal: "SIGINT" });
    expect(said).toMatch(/^.*some-frames\.replay.*\n$/);
  });
});

/** Frames with a hash at the end, which is not the one that the game would have. */
function recording(game: Game, frames: number): Uint8Array {
  const { gameHash, schemaHash, schema } = game;
  const cellBytes = schema.regions.inputs.stride;
  const rest = { framesPerSecond: 60, predictionWindow: 8, inputDelay: 1, ...MATCH_DEFAULTS, dropAfterMs: 3000 };
  const seed = { seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) };
  const config = { players: 1, inputBytes: cellBytes - 8, ...rest, ...seed };
  const recorder = new ReplayRecorder({ gameHash, schemaHash, config, cellBytes });
  const record = new Uint8Array(cellBytes).fill(1, 0, 1);
  for (let frame = 0; frame < frames; frame++) recorder.confirmed(frame, record);
  recorder.check(frames, 1);
  return recorder.finish();
}

describe("samestep verify DIRECTORY", () => {
  it("takes every replay below it, sorted, and nothing else", async () => {
    const tree = join(folder, "tree");
    await mkdir(join(tree, "b/deep"), { recursive: true });
    for (const name of ["c.replay", "b/deep/x.replay", "b.replay", "a.replay", "b/notes.txt", "b/deep/y.replay.part"]) {
      await copyFile(FIRST, join(tree, name));
    }
    const { code, text } = await run(NEVER, tree, SECOND, "--game", "build/games/fighter.wasm");
    const files = text.match(/\S+\.replay\b\S*/g)!.map((file) => file.replace(`${tree}/`, ""));
    expect(files).toEqual(["a.replay", "b.replay", "b/deep/x.replay", "c.replay", SECOND]);
    expect(code).toBe(0);
  });

  it("without a replay is not taken for verified", async () => {
    const empty = join(folder, "empty");
    await mkdir(empty);
    const { code, text } = await run(NEVER, empty);
    expect(text).toBe(`! ${empty}  not verified: no replay is found below this directory`);
    expect(code).toBe(3);
  });
});
