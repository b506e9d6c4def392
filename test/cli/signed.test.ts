// samestep keygen, and samestep verify --key: what a server signed is accepted, and nothing that was touched afterwards.
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keygen } from "../../src/cli/commands/keygen.js";
import { serve } from "../../src/cli/commands/serve.js";
import { verify } from "../../src/cli/commands/verify.js";
import { Random } from "../../src/netsim/random.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { hexHash } from "../../src/session/evidence/hash-chain.js";
import { InputDigest } from "../../src/signing/input-digest.js";
import { readPrivateKey } from "../../src/signing/keys.js";
import { signResult } from "../../src/signing/result.js";
import type { Game, WasmSimulation } from "../../src/simulation/game.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS, type MatchConfig } from "../../src/wire/match-config.js";
import type { SignedResult, Statement } from "../../src/wire/result.js";
import { testGame } from "../games.js";
import { streams } from "../streams.js";

const ALONE = { aloneMs: Infinity, worker: new URL("file:///none") };
const FRAMES = 600;

let folder: string;
let game: Game;
let simulation: WasmSimulation;
let config: MatchConfig;
let records: Uint8Array[];
let result: SignedResult;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samestep-signed-"));
  expect((await run(keygen, "--out", join(folder, "server"))).code).toBe(0);
  expect((await run(keygen, "--out", join(folder, "other"))).code).toBe(0);
  game = await testGame("scramble");
  simulation = await game.simulation();
  await writeFile(join(folder, "game.wasm"), game.wasm);
  config = {
    ...{ players: 2, framesPerSecond: 60, predictionWindow: 8, inputDelay: 2, ...MATCH_DEFAULTS },
    ...{ inputBytes: simulation.cellBytes - CELL_HEADER_BYTES, dropAfterMs: 1000, seedLow: 1, seedHigh: 2 },
    rules: Uint8Array.of(3),
  };
  const random = new Random(1);
  records = Array.from({ length: FRAMES }, () => {
    const record = new Uint8Array(2 * simulation.cellBytes);
    for (const cell of [0, simulation.cellBytes]) record.set([1, 0, 2, 0, 0, 0, 0, 0, random.below(32)], cell);
    return record;
  });
  result = await sign();
});
afterAll(() => rm(folder, { recursive: true }));

async function sign(other: Partial<Pick<Statement, "game" | "schema">> = {}): Promise<SignedResult> {
  const digest = new InputDigest(2 * simulation.cellBytes);
  simulation.reset(config);
  for (const record of records) {
    digest.add(record);
    simulation.step(record);
  }
  simulation.save(0);
  const hash = new Uint32Array(2);
  simulation.hash(0, hash, 0);
  const key = await readPrivateKey(await readFile(join(folder, "server.key"), "utf8"));
  const { gameHash, schemaHash } = game;
  return signResult(
    {
      ...{ match: new Uint8Array(16), game: gameHash, schema: schemaHash, config, frames: FRAMES },
      inputs: await digest.finish(),
      state: hexHash({ low: hash[0]!, high: hash[1]! }),
      ...{ left: { items: [], count: 0 }, ...other },
    },
    key,
  );
}

interface Change {
  gameHash?: string;
  config?: Partial<MatchConfig>;
  frames?: Uint8Array[];
  result?: SignedResult | undefined;
}

/** The match in a file, without a hash of its own: all that is proved is proved by the signature. */
async function written(change: Change): Promise<string> {
  const { gameHash, schemaHash } = game;
  const options = { gameHash, schemaHash, cellBytes: simulation.cellBytes, ...change };
  const recorder = new ReplayRecorder({ ...options, config: { ...config, ...change.config } });
  for (const [frame, record] of (change.frames ?? records).entries()) recorder.confirmed(frame, record);
  const signed = "result" in change ? change.result : result;
  if (signed !== undefined) recorder.sign(signed);
  const path = join(folder, "match.replay");
  await writeFile(path, recorder.finish());
  return path;
}

type Command = (args: string[], io: ReturnType<typeof streams>) => Promise<number>;

async function run(command: Command, ...args: string[]) {
  const io = streams();
  const code = await command(args, io);
  return { code, text: io.text(), errors: io.errors() };
}

async function check(change: Change, key: string | null = "server.pub") {
  const given = key === null ? [] : ["--key", join(folder, key)];
  const command: Command = (args, io) => verify(args, io, ALONE);
  return run(command, await written(change), "--game", join(folder, "game.wasm"), ...given);
}

describe("samestep verify --key", () => {
  it("accepts what the key signed, and says whose it is", async () => {
    const { code, text } = await check({});
    expect(code).toBe(0);
    expect(text).toMatch(/✓ .*match\.replay {2}600 frames .* signed by [0-9a-f]{16}/);
  });

  const flipped = (): Uint8Array[] => {
    const copy = records.map((record) => record.slice());
    copy[300]![CELL_HEADER_BYTES]! ^= 1;
    return copy;
  };
  it.each<[string, () => Change, RegExp]>([
    ["one bit of an input", () => ({ frames: flipped() }), /forged: its inputs are not those that were signed/],
    ["one byte of the settings", () => ({ config: { seedLow: 2 } }), /forged: .* other settings \(seedLow\)/],
    ["one byte of the rules", () => ({ config: { rules: Uint8Array.of(4) } }), /forged: .* other settings \(rules\)/],
    ["a frame less", () => ({ frames: records.slice(0, -1) }), /forged: its inputs are not those/],
    ["no result", () => ({ result: undefined }), /unsigned: no result is signed in it: .* Verify it without --key/],
    [
      "another signature",
      () => ({ result: { ...result, signature: result.signature.map((byte) => byte ^ 1) } }),
      /forged: its result was changed after key [0-9a-f]{16} had signed it, or never signed by it/,
    ],
  ])("refuses %s with exit code 1", async (_, change, said) => {
    const { code, text } = await check(change());
    expect(text).toMatch(said);
    expect(code).toBe(1);
  });

  it("says the same on several threads", async () => {
    const signed = join(folder, "signed.replay");
    await copyFile(await written({}), signed);
    const other = await written({ frames: flipped() });
    const threads = { aloneMs: -1, worker: new URL("../../build/lib/cli/verify/worker.js", import.meta.url) };
    const args = [
      signed,
      other,
      "--key",
      join(folder, "server.pub"),
      "--game",
      join(folder, "game.wasm"),
      "--jobs",
      "2",
    ];
    const { code, text } = await run((given, io) => verify(given, io, threads), ...args);
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/✓ .*signed by \w{16}\n.*forged: its inputs are not those/),
    ]);
  });

  it("refuses another key's signature, and another game", async () => {
    const { code, text } = await check({}, "other.pub");
    expect([code, text]).toEqual([1, expect.stringMatching(/signed with key \w{16}, and the one you gave is \w{16}/)]);
    const other = await check({ gameHash: "0123456789abcdef" });
    expect([other.code, other.text]).toEqual([3, expect.stringMatching(/recorded with game build 0123456789abcdef/)]);
  });

  it("refuses a state that the signed inputs do not lead to", async () => {
    const honest = records;
    records = flipped();
    const lie = await sign();
    records = honest;
    const forged = await check({ result: lie }, null);
    expect([forged.code, forged.text]).toEqual([
      1,
      expect.stringMatching(/forged: its result ends in state \w+, and the match in \w+/),
    ]);
  });

  it.each(["game", "schema"])("refuses a result of another %s than the match's", async (what) => {
    const { code, text } = await check({ result: await sign({ [what]: "0123456789abcdef" }) });
    const [said, other] = what === "game" ? ["game build", game.gameHash] : ["the schema", game.schemaHash];
    expect(text).toMatch(new RegExp(`forged: its result is of ${said} 0123456789abcdef, and the match of ${other}`));
    expect(code).toBe(1);
  });

  it("says what is wrong with a key", async () => {
    const none = await check({}, "none.pub");
    expect([none.code, none.errors]).toEqual([
      2,
      expect.stringMatching(/cannot read the key .*none\.pub: name the \.pub/),
    ]);
    const half = await check({}, "server.key");
    expect([half.code, half.errors]).toEqual([2, expect.stringMatching(/the public key is in NAME\.pub/)]);
  });
});

describe("samestep keygen", () => {
  it("writes the private half for its owner alone, and never over another", async () => {
    expect((await stat(join(folder, "server.key"))).mode & 0o777).toBe(0o600);
    const before = await readFile(join(folder, "server.key"), "utf8");
    const again = await run(keygen, "--out", join(folder, "server"));
    expect([again.code, again.errors]).toEqual([4, expect.stringMatching(/server\.key is there already.*--out/)]);
    expect(await readFile(join(folder, "server.key"), "utf8")).toBe(before);
  });

  it("is told what it is to do", async () => {
    expect((await run(keygen, "server")).code).toBe(2);
    expect((await run(keygen, "--help")).text).toMatch(/samestep serve --sign NAME\.key/);
  });
});

describe("samestep serve --sign", () => {
  it("needs a game that is played here, and a private key", async () => {
    const alone = await run(serve, "--sign", join(folder, "server.key"));
    expect([alone.code, alone.errors]).toEqual([2, expect.stringMatching(/name their game with --game/)]);
    const sign = ["--game", join(folder, "game.wasm"), "--sign"];
    await expect(run(serve, ...sign, join(folder, "none.key"))).rejects.toThrow(/make one with samestep keygen/);
    await expect(run(serve, ...sign, join(folder, "server.pub"))).rejects.toThrow(/the private key is in NAME\.key/);
  });
});
