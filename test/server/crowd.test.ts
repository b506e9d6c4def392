// A whole party at one server: two who open the match, one who comes later, and those who look on, a second behind.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Match } from "../../src/client/match.js";
import type { Recorder } from "../../src/server/recording.js";
import type { ServerOptions } from "../../src/server/server.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { Agreed, ByHand, chainOf, type Hosted, host, player, restless, until } from "./play.js";

const CONFIG = { players: 3, startWith: 2, seed: 11, policy: "substitute" } as const;

/** A second, at 60 frames. */
const DELAY_FRAMES = 60;

let game: Game;
let hosted: Hosted | undefined;
let matches: Match[] = [];
/** Frames that are final, by the server's own record. */
let finals = 0;

beforeAll(async () => {
  game = await testGame("scramble");
});

afterEach(async () => {
  for (const match of matches) match.close();
  matches = [];
  await hosted?.server.close();
  hosted = undefined;
});

/** A server that delays what spectators see by a second, and keeps count. */
async function delaying(options: ServerOptions = {}): Promise<Hosted> {
  finals = 0;
  const recorder = (): Recorder => ({
    confirmed(frame) {
      finals = frame + 1;
    },
    check() {},
    finish: () => new Uint8Array(0),
  });
  const directory = await mkdtemp(join(tmpdir(), "samestep-"));
  hosted = await host({ spectatorDelaySeconds: 1, record: { directory, recorder }, ...options });
  return hosted;
}

async function one(more: Parameters<typeof player>[3] = {}): Promise<Match> {
  const match = await player(hosted!.server, game, "PARTY", { config: CONFIG, input: restless(), ...more });
  matches.push(match);
  return match;
}

/** What happened to seats, as the server tells it. */
function told(...events: string[]): object[] {
  return hosted!.log.filter(({ event }) => events.includes(event));
}

describe("a party at a server", () => {
  it("is one match for who opened it, who came later, and who looks on a second behind", async () => {
    await delaying();
    const [first, second, spectator] = (await Promise.all([one(), one(), one({ watch: true })])) as [
      Match,
      Match,
      Match,
    ];
    const behind: number[] = [];
    spectator.on("frame", ({ frame }) => behind.push(finals - frame));
    await until(() => first.stats.agreedEnd > 120, 20_000);
    const late = await one();
    const agreed = new Agreed(late);
    await until(() => late.phase === "running", 20_000);
    const from = late.stats.frame;
    expect(from).toBeGreaterThan(100);
    await until(
      () => agreed.end > from + 90 && spectator.stats.confirmedEnd > from + 90 && behind.length > 100,
      40_000,
    );
    expect([first.seat, second.seat].toSorted()).toEqual([0, 1]);
    expect(late.seat).toBe(2);
    expect(spectator.seat).toBe(CONFIG.players);
    // Three of them have the whole match, and the fourth what all agreed on.
    const [chain, ...others] = [first, second, spectator].map(chainOf) as [Map<number, number>, Map<number, number>];
    for (const other of others) {
      const common = [...other].filter(([end]) => chain.has(end));
      expect(common.length).toBeGreaterThan(from + 60);
      expect(common).toEqual(common.map(([end]) => [end, chain.get(end)]));
    }
    agreed.expectIn(first, from);
    expect(Math.min(...behind)).toBeGreaterThanOrEqual(DELAY_FRAMES);
    expect(Math.min(...behind)).toBeLessThan(DELAY_FRAMES + 12);
    expect(behind.toSorted((a, b) => a - b)[behind.length >> 1]).toBeLessThan(1.5 * DELAY_FRAMES);
    expect(told("left", "slow", "error", "refused")).toEqual([]);
  });

  it("does not notice a spectator who stops reading: he is cut off", async () => {
    await delaying({ limits: { silenceMs: 1500 } });
    const players = await Promise.all([one(), one()]);
    const [spectator, timer] = await lookOn();
    const lost = new Promise<number>((resolve) => spectator.socket.once("close", resolve));
    const before = players.map(({ stats }) => stats.stalledMs);
    const [frame, at] = [players[0]!.stats.frame, performance.now()];
    clearInterval(timer); // his machine is gone, without a word
    spectator.socket.pause();
    await until(() => hosted!.log.some(({ event }) => event === "lost"), 20_000);
    const seconds = (performance.now() - at) / 1000;
    spectator.socket.resume();
    await lost;
    expectUndisturbed(players, before, players[0]!.stats.frame - frame, seconds);
    expect(hosted!.server.connections).toBe(2);
  });

  it("does not notice a spectator who talks on and reads nothing: he is out, and his connection is closed", async () => {
    await delaying();
    const players = await Promise.all([one(), one()]);
    const [spectator, timer] = await lookOn();
    const before = players.map(({ stats }) => stats.stalledMs);
    const [frame, at] = [players[0]!.stats.frame, performance.now()];
    spectator.socket.pause();
    await until(() => hosted!.log.some(({ event }) => event === "unwatched"), 40_000);
    const seconds = (performance.now() - at) / 1000;
    expectUndisturbed(players, before, players[0]!.stats.frame - frame, seconds);
    expect(told("refused")).toEqual([expect.objectContaining({ text: expect.stringMatching(/fell too far behind/) })]);
    await until(() => hosted!.server.connections === 2, 10_000); // he has not read why, and never would
    clearInterval(timer);
    spectator.socket.terminate();
  });
});

/** Who looks on by hand, in a match that runs: he talks until the timer is cleared. */
async function lookOn(): Promise<[ByHand, ReturnType<typeof setInterval>]> {
  const spectator = await ByHand.sit(hosted!, "PARTY", game, { config: CONFIG, watch: true });
  const timer = setInterval(() => spectator.socket.readyState === WebSocket.OPEN && spectator.tick(), 5);
  await until(() => spectator.player.phase === "running" && spectator.player.stats.frame > 30, 20_000);
  // He is told for two seconds what to compare with; until then he is coming in, and has several tries.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return [spectator, timer];
}

/** They lost no seat, waited for nobody, and played in real time. */
function expectUndisturbed(players: Match[], stalledMs: number[], frames: number, seconds: number): void {
  expect(told("left", "slow", "error")).toEqual([]);
  for (const [i, { stats }] of players.entries()) expect(stats.stalledMs - stalledMs[i]!).toBeLessThan(500);
  expect(frames / seconds).toBeGreaterThan(50);
  expect(frames / seconds).toBeLessThan(70);
}
