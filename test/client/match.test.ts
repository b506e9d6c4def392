// Whole matches over a real server on this machine.
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JoinError, Match } from "../../src/client/match.js";
import { PRESETS } from "../../src/netsim/conditions.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { dialled, type Hosted, host, player, restless, until } from "../server/play.js";

const SETTINGS = { players: 2, seed: 11, rules: { coinValue: 2 } };

let game: Game;
let hosted: Hosted | undefined;
let matches: Match[] = [];

beforeAll(async () => {
  game = await testGame("scramble");
});

afterEach(async () => {
  for (const match of matches) match.close();
  matches = [];
  await hosted?.server.close();
  hosted = undefined;
});

async function one(more: Parameters<typeof player>[3] = {}): Promise<Match> {
  const match = await player(hosted!.server, game, "DUEL", { config: SETTINGS, input: restless(), ...more });
  matches.push(match);
  return match;
}

function two(more: Parameters<typeof player>[3] = {}): Promise<[Match, Match]> {
  return Promise.all([one(more), one(more)]);
}

function replayOf(match: Match): Replay {
  return read(match.replay());
}

function read(file: Uint8Array): Replay {
  const parsed = parseReplay(file);
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return parsed.replay;
}

/** The frames both have linked, and whether their chains are the same on all of them. */
function compare(a: Replay, b: Replay): { common: number; equal: boolean } {
  const [mine, other] = [[...a.checks()], [...b.checks()]];
  const common = Math.min(mine.length, other.length);
  const equal = mine.slice(0, common).every((check, i) => check.chain === other[i]!.chain);
  return { common, equal };
}

describe("a match over a real server", () => {
  it("gives both players the same hash chain for three seconds", async () => {
    hosted = await host({ network: { ...PRESETS.cable!, loss: 0.01 } });
    const [a, b] = await two();
    const drawn: number[] = [];
    a.on("frame", ({ frame }) => drawn.push(frame));
    await until(() => a.stats.confirmedEnd > 180 && b.stats.confirmedEnd > 180, 10_000);
    const { common, equal } = compare(replayOf(a), replayOf(b));
    expect(common).toBeGreaterThan(180);
    expect(equal).toBe(true);
    expect([a.seat, b.seat].sort()).toEqual([0, 1]);
    expect(drawn.length).toBeGreaterThan(150);
    expect(a.stats.rollbacks).toBeGreaterThan(0);
    expect((a.view as { frame: number }).frame).toBe(a.stats.frame);
  });

  it("lets the opener's seed count when nobody names one", async () => {
    hosted = await host();
    const [a, b] = await two({ config: { players: 2 } });
    expect(a.config).toEqual(b.config);
  });

  it("takes the room's settings when a player brings none", async () => {
    hosted = await host();
    await one();
    matches.push(await player(hosted.server, game, "DUEL"));
    expect(matches[1]!.config.seedLow).toBe(11);
  });

  it("tells a player with other settings what differs", async () => {
    hosted = await host();
    await one();
    const other = one({ config: { ...SETTINGS, inputDelay: 5 } });
    await expect(other).rejects.toThrow(/inputDelay is 2 in the room and 5 in yours/);
    await expect(other).rejects.toMatchObject({ reason: "refused" } satisfies Partial<JoinError>);
  });

  it("keeps the seat when the connection is lost in the middle", async () => {
    hosted = await host();
    const carriers: string[] = [];
    const before = dialled.length;
    const [a, b] = await two();
    a.on("carrier", ({ state }) => carriers.push(state));
    const left: unknown[] = [];
    b.on("left", (event) => left.push(event));
    await until(() => a.stats.confirmedEnd > 60);
    expect(dialled.length - before).toBe(2);
    for (const socket of dialled.slice(before)) socket.terminate();
    await until(() => carriers.join() === "lost,open");
    const frame = a.stats.confirmedEnd;
    await until(() => a.stats.confirmedEnd > frame + 60 && b.stats.confirmedEnd > frame + 60);
    expect(left).toEqual([]);
    expect(compare(replayOf(a), replayOf(b)).equal).toBe(true);
  });

  it("tells the others who left, and records the match when all have", async () => {
    const directory = await mkdtemp(path(tmpdir(), "samestep-"));
    hosted = await host({ record: { directory, recorder: (match) => new ReplayRecorder(match) } });
    const [a, b] = await two();
    let left = -1;
    b.on("left", ({ seat }) => {
      left = seat;
    });
    await until(() => a.stats.agreedEnd > 60 && b.stats.agreedEnd > 60);
    a.leave();
    expect(a.phase).toBe("ended");
    await until(() => left === a.seat);
    const alone = b.stats.confirmedEnd;
    await until(() => b.stats.confirmedEnd > alone + 10);
    b.leave();
    await until(() => hosted!.log.some(({ event }) => event === "recorded"));
    const files = await readdir(directory);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatch(/^DUEL-[0-9TZ-]+\.replay$/);
    const recorded = read(await readFile(path(directory, files[0]!)));
    expect(recorded.frames).toBeGreaterThan(alone);
    expect(recorded.gameHash).toBe(game.gameHash);
    // The server's record and the player's are of the same match.
    const mine = new Map([...replayOf(a).checks()].map(({ frame, chain }) => [frame, chain]));
    const shared = [...recorded.checks()].filter(({ frame }) => mine.has(frame));
    expect(shared.length).toBeGreaterThan(10);
    expect(shared.every(({ frame, chain }) => mine.get(frame) === chain)).toBe(true);
  });

  it("finds a planted fault down to the field", async () => {
    hosted = await host();
    const [a, b] = await two();
    const found = new Promise<{ frame: number; fields: { path: string }[] }>((resolve) => b.on("desync", resolve));
    await until(() => a.stats.confirmedEnd > 30);
    const planted = a.injectFault("runners[1].score");
    expect(planted.path).toBe("runners[1].score");
    const { frame, fields } = await found;
    expect(frame).toBe(planted.frame + 1);
    expect(fields.map((field) => field.path)).toContain("runners[1].score");
  });

  it("plays through a bad simulated network that changes live", async () => {
    hosted = await host();
    const [a, b] = await two({ network: { up: PRESETS.wifi!, down: PRESETS.wifi!, seed: 5, mode: "stream" } });
    await until(() => a.stats.confirmedEnd > 60, 10_000);
    a.setNetwork({ up: PRESETS.mobile!, down: PRESETS.mobile! });
    expect(a.network.up).toBe(PRESETS.mobile);
    const frame = a.stats.confirmedEnd;
    await until(() => a.stats.confirmedEnd > frame + 90, 10_000);
    expect(compare(replayOf(a), replayOf(b)).equal).toBe(true);
  });
});
