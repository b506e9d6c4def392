// A server that plays its matches too: who hears how they end, what is signed, and what is in the record.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { MatchEvents } from "../../src/client/match.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { verifyReplay } from "../../src/replay/verify.js";
import type { LogEntry, ServerOptions } from "../../src/server/server.js";
import { InputDigest } from "../../src/signing/input-digest.js";
import { generateKeys, type Key, readPrivateKey, readPublicKey } from "../../src/signing/keys.js";
import { whyForged } from "../../src/signing/result.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { type Hosted, host, player, restless, until } from "./play.js";

let game: Game;
let key: Key;
let publicPem: string;
let hosted: Hosted | undefined;
let directory: string | undefined;

beforeAll(async () => {
  game = await testGame("scramble");
  const pair = await generateKeys();
  key = await readPrivateKey(pair.privatePem);
  publicPem = pair.publicPem;
});

afterEach(async () => {
  await hosted?.server.close();
  hosted = undefined;
  if (directory !== undefined) await rm(directory, { recursive: true });
  directory = undefined;
});

type Result = MatchEvents["result"];

interface Plan extends Pick<ServerOptions, "key" | "games" | "log"> {
  resultKey?: string;
}

/** Two players have played for a while; what each hears from now on. */
async function begun({ resultKey, ...server }: Plan) {
  const records = await mkdtemp(join(tmpdir(), "samestep-result-"));
  directory = records;
  hosted = await host({ ...server, record: { directory: records, recorder: (match) => new ReplayRecorder(match) } });
  const results: Result[] = [];
  const ends: string[] = [];
  const matches = await Promise.all(
    [0, 1].map((index) =>
      player(hosted!.server, game, "A", {
        config: { players: 2, seed: 7 },
        input: restless(),
        ...(resultKey === undefined ? {} : { resultKey }),
      }).then((match) => {
        match.on("result", (event) => results.splice(index, 0, event));
        match.on("ended", ({ text }) => void ends.push(text));
        return match;
      }),
    ),
  );
  await until(() => matches.every((match) => match.stats.confirmedEnd > 60));
  return { results, ends, matches, log: hosted.log };
}

/** Two others play a while on the same server, and finish: what they hear of it. */
async function next(room: string): Promise<Result[]> {
  const results: Result[] = [];
  const config = { players: 2, seed: 7 };
  const matches = await Promise.all(
    [0, 1].map(() => player(hosted!.server, game, room, { config, input: restless() })),
  );
  for (const match of matches) match.on("result", (event) => results.push(event));
  await until(() => matches.every((match) => match.stats.confirmedEnd > 60));
  for (const match of matches) match.finish();
  return results;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** They have finished, and the server has written its record. */
async function played(plan: Plan) {
  const { matches, ends, ...heard } = await begun(plan);
  for (const match of matches) match.finish();
  await until(() => ends.length === 2 && heard.log.some(({ event }) => event === "recorded"));
  return { ...heard, matches, ends, replay: await recorded() };
}

async function recorded(): Promise<Replay> {
  const [name] = await readdir(directory!);
  const parsed = parseReplay(new Uint8Array(await readFile(join(directory!, name!))));
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return parsed.replay;
}

describe("a server that plays and signs its matches", () => {
  it("tells those who finished the same result, which its public key verifies", async () => {
    const { results, ends, replay, log } = await played({ games: [game], key, resultKey: publicPem });
    await until(() => results.length === 2);
    expect(ends).toEqual(["The match is over.", "The match is over."]);
    expect(results.map(({ verified }) => verified)).toEqual([true, true]);
    expect(results[1]!.result).toEqual(results[0]!.result);
    const { statement, signed } = replay.result!;
    expect(results[0]!.result).toEqual(statement);
    expect(statement).toMatchObject({ game: game.gameHash, frames: replay.frames, key: key.id });
    expect(statement.left.items.map(({ seat, dropped }) => [seat, dropped]).sort()).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(Math.max(...statement.left.items.map(({ frame }) => frame))).toBe(replay.frames);
    expect(await whyForged(signed, await readPublicKey(publicPem))).toBeUndefined();
    expect(verifyReplay(replay, await game.simulation())).toMatchObject({ kind: "equal" });
    const simulated = log.find(({ event }) => event === "simulated");
    expect(simulated).toMatchObject({ frames: replay.frames });
  });

  it("signs the inputs that are in its record, with SHA-256", async () => {
    const { replay } = await played({ games: [game], key });
    const digest = new InputDigest(2 * replay.cellBytes);
    let frames = 0;
    for (const record of replay.records()) {
      digest.add(record);
      frames += 1;
    }
    const { statement } = replay.result!;
    expect(frames).toBe(statement.frames);
    expect(hex(statement.inputs)).toBe(hex(await digest.finish()));
  });

  it("gives each match an id of its own, and none that is zero", async () => {
    const { results } = await played({ games: [game], key });
    const again = await next("B");
    await until(() => results.length === 2 && again.length === 2);
    const ids = [results[0]!, again[0]!].map(({ result }) => hex(result.match));
    for (const id of ids) expect(id).not.toBe("00".repeat(16));
    expect(ids[0]).not.toBe(ids[1]);
  });

  it("has another's signature told from its own", async () => {
    const { results } = await played({ games: [game], key, resultKey: (await generateKeys()).publicPem });
    await until(() => results.length === 2);
    expect(results.map(({ verified }) => verified)).toEqual([false, false]);
  });

  it("leaves it open who signed, where no key was given", async () => {
    const { results } = await played({ games: [game], key });
    expect(results.map(({ verified }) => verified)).toEqual([undefined, undefined]);
  });

  it("signs also where it shuts down in the moment that the match is over", async () => {
    let closing: Promise<void> | undefined;
    const log = ({ event }: LogEntry): void => {
      if (event === "over") closing = hosted!.server.close();
    };
    const { matches } = await begun({ games: [game], key, log });
    for (const match of matches) match.finish();
    await until(() => closing !== undefined);
    await closing;
    const replay = await recorded();
    expect(replay.result?.statement.frames).toBe(replay.frames);
    for (const match of matches) match.leave();
  });

  it("says what its simulation costs", async () => {
    await played({ games: [game], key });
    const rooms = await (await fetch(`${hosted!.server.url}/rooms`)).json();
    expect(rooms).toMatchObject({ simulated: { frames: expect.any(Number), ms: expect.any(Number) } });
    expect((rooms as { simulated: { frames: number } }).simulated.frames).toBeGreaterThan(60);
  });
});

describe("a server that signs nothing", () => {
  it.each(["plays", "does not play"])(
    "and %s its matches lets go at once who finishes, without a result",
    async (how) => {
      const { results, ends, replay } = await played(how === "plays" ? { games: [game] } : {});
      expect(ends).toEqual(["The match is over.", "The match is over."]);
      expect(results).toEqual([]);
      expect(replay.result).toBeUndefined();
    },
  );

  it("counts what the authority's memory is to a room's", async () => {
    const players = { config: { players: 2 } };
    const history = 1024 * 2 * game.schema.regions.inputs.stride;
    hosted = await host({ games: [game], limits: { roomsBytes: history + 1000 } });
    await expect(player(hosted.server, game, "A", players)).rejects.toThrow(/no memory for another match/);
    await hosted.server.close();
    hosted = await host({ limits: { roomsBytes: history + 1000 } });
    (await player(hosted.server, game, "A", players)).close();
  });

  it("refuses a key without a game", async () => {
    await expect(host({ key })).rejects.toThrow(/name them in `games`/);
  });

  it("hosts no other game than those it plays", async () => {
    const other = await testGame("leaky");
    hosted = await host({ games: [other] });
    await expect(player(hosted.server, game, "A", { config: { players: 2 } })).rejects.toThrow(
      /This server plays game build .*samestep serve --game/,
    );
  });
});
