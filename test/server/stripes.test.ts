// Several sockets of one player at a real server: one peer, one allowance, and no way in for strangers.
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { LIMITS } from "../../src/server/limits.js";
import type { Game } from "../../src/simulation/game.js";
import { drawToken, introduction } from "../../src/transport/introduction.js";
import { playUrl } from "../../src/transport/room-code.js";
import { testGame } from "../games.js";
import { Path } from "../transport/path.js";
import { closed, type Hosted, host, player, playerThrough, until } from "./play.js";

const CONFIG = { players: 2, seed: 1 };

let game: Game;
let hosted: Hosted | undefined;
let path: Path;

beforeAll(async () => {
  game = await testGame("scramble");
});

afterEach(async () => {
  await hosted?.server.close();
  hosted = undefined;
});

/** A socket that has introduced itself. */
async function stripe(token: Uint8Array, serial: number, room = "A"): Promise<WebSocket> {
  const socket = new WebSocket(playUrl(hosted!.server.url, room));
  await new Promise((resolve) => socket.once("open", resolve));
  socket.on("error", () => {});
  socket.send(introduction(token, serial));
  return socket;
}

const logged = (event: string) => hosted!.log.filter((entry) => entry.event === event);

describe("the sockets of one carrier", () => {
  it("are one player: one seat, one peer, the same match as anybody's", async () => {
    hosted = await host({ limits: { peers: 2, peersPerRoom: 2 } });
    path = await Path.to(hosted.server.port);
    const three = { config: CONFIG, stripes: { least: 3 } };
    const [a, b] = await Promise.all([0, 1].map(() => playerThrough(path, game, "A", three)));
    await until(() => a!.transport.stripes === 3 && b!.transport.stripes === 3);
    expect(hosted.server.connections).toBe(6);
    const frame = a!.match.stats.agreedEnd;
    await until(() => [a!, b!].every(({ match }) => match.stats.agreedEnd > frame + 30));
    expect(logged("seated").length).toBe(2);
    for (const { match } of [a!, b!]) {
      expect([match.stats.malformed, match.stats.unusable]).toEqual([0, 0]);
      match.close();
    }
    await until(() => hosted!.server.connections === 0);
    expect(logged("lost").length).toBe(2);
    path.close();
  });

  it("may close one by one: the peer is lost with the last", async () => {
    hosted = await host();
    const token = drawToken();
    const sockets = [await stripe(token, 0), await stripe(token, 1)];
    await until(() => hosted!.server.connections === 2);
    sockets[0]!.terminate();
    await until(() => hosted!.server.connections === 1);
    expect(logged("lost")).toEqual([]);
    sockets[1]!.terminate();
    await until(() => logged("lost").length === 1);
  });

  it("spend from one allowance, and lose all of them when it is exceeded", async () => {
    hosted = await host({ limits: { messagesBurst: 30, messagesPerSecond: 1 } });
    const token = drawToken();
    const sockets = [await stripe(token, 0), await stripe(token, 1), await stripe(token, 2)];
    await until(() => hosted!.server.connections === 3);
    const closings = Promise.all(sockets.map(closed));
    for (let i = 0; i < 11; i++) for (const socket of sockets) socket.send(Uint8Array.of(255));
    const expected = { code: 1008, reason: "You send too much." };
    expect(await closings).toEqual([expected, expected, expected]);
  });

  it("are of no use to a peer who is being sent away", async () => {
    hosted = await host({ limits: { messagesBurst: 10, messagesPerSecond: 1 } });
    const token = drawToken();
    const first = await stripe(token, 0);
    for (let i = 0; i < 10; i++) first.send(Uint8Array.of(255));
    first.pause(); // so that it does not answer the close, and stays
    await until(() => first.bufferedAmount === 0);
    expect(await closed(await stripe(token, 1))).toEqual({ code: 1008, reason: "You send too much." });
    first.terminate();
  });

  it("of too many, the oldest gives way", async () => {
    hosted = await host();
    const token = drawToken();
    const sockets: WebSocket[] = [];
    for (let serial = 0; serial < LIMITS.stripesPerPeer; serial++) sockets.push(await stripe(token, serial));
    const ended = closed(sockets[0]!);
    await until(() => hosted!.server.connections === LIMITS.stripesPerPeer);
    sockets.push(await stripe(token, LIMITS.stripesPerPeer));
    expect((await ended).code).toBe(1001);
    await until(() => hosted!.server.connections === LIMITS.stripesPerPeer);
    expect(sockets.slice(1).every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true);
  });

  it("count for their address like any others", async () => {
    hosted = await host({ limits: { connectionsPerAddress: 2 } });
    const token = drawToken();
    await stripe(token, 0);
    await stripe(token, 1);
    const third = new WebSocket(playUrl(hosted.server.url, "A"));
    await expect(new Promise((_, reject) => third.once("error", reject))).rejects.toThrow(/429/);
  });
});

describe("a socket that would join", () => {
  it("with a token that nobody has, or a number that was shown before, is refused and counted", async () => {
    hosted = await host();
    const token = drawToken();
    await stripe(token, 0);
    const joined = await stripe(token, 1);
    const unknown = { code: 4003, reason: "This connection is not known here. Open another one." };
    expect(await closed(await stripe(drawToken(), 1))).toEqual(unknown);
    expect(await closed(await stripe(token, 1))).toEqual(unknown);
    expect(await closed(await stripe(token, 0))).toEqual(unknown);
    expect(logged("stranger").map(({ why, unknown, replayed }) => [why, unknown, replayed])).toEqual([
      ["unknown", 1, 0],
      ["replayed", 1, 1],
      ["replayed", 1, 2],
    ]);
    expect(joined.readyState).toBe(WebSocket.OPEN);
  });

  it("that says nothing is closed after the hello deadline, and is no peer before", async () => {
    hosted = await host({ limits: { helloMs: 80 } });
    const silent = new WebSocket(playUrl(hosted.server.url, "A"));
    const { code } = await closed(silent);
    expect(code).toBe(4002);
    expect(hosted.server.rooms).toBe(0);
  });
});

it("a full server tells a peer so, and still takes another socket of those it has", async () => {
  hosted = await host({ limits: { peers: 1 } });
  const token = drawToken();
  await stripe(token, 0);
  expect(await closed(await stripe(drawToken(), 0))).toEqual({ code: 1013, reason: "This server is full." });
  const joined = await stripe(token, 1);
  await expect(player(hosted.server, game, "B", { config: CONFIG })).rejects.toThrow(/full/);
  expect(joined.readyState).toBe(WebSocket.OPEN);
});
