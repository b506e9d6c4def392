// What the server allows a stranger, limit by limit, over real sockets.
import { mkdtemp } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { networkOf } from "../../src/server/address.js";
import { LIMITS } from "../../src/server/limits.js";
import { TokenBucket } from "../../src/server/token-bucket.js";
import type { Game } from "../../src/simulation/game.js";
import { playUrl } from "../../src/transport/room-code.js";
import { testGame } from "../games.js";
import { ByHand, bare, closed, type Hosted, host, player, restless, until } from "./play.js";

let game: Game;
let hosted: Hosted | undefined;

beforeAll(async () => {
  game = await testGame("scramble");
});

afterEach(async () => {
  await hosted?.server.close();
  hosted = undefined;
});

/** What players by hand play. */
const BY_HAND = { config: { players: 2, seed: 11, dropAfterMs: 60_000 } };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("messages", () => {
  it("a text frame closes with 1003", async () => {
    hosted = await host();
    const socket = await bare(hosted.server, "A");
    socket.send("hello");
    expect(await closed(socket)).toEqual({ code: 1003, reason: "This server speaks binary only." });
  });

  it("a message longer than a datagram closes with 1009", async () => {
    hosted = await host();
    const socket = await bare(hosted.server, "A");
    socket.send(new Uint8Array(1200));
    await until(() => hosted!.server.connections === 1);
    socket.send(new Uint8Array(1201));
    expect((await closed(socket)).code).toBe(1009);
  });

  it("garbage changes nothing for those who play in the same room", async () => {
    hosted = await host();
    const config = { players: 2, seed: 1 };
    const pair = await Promise.all([0, 1].map(() => player(hosted!.server, game, "A", { config, input: restless() })));
    const vandal = await bare(hosted.server, "A");
    for (let i = 0; i < 200; i++) vandal.send(crypto.getRandomValues(new Uint8Array(1 + (i % 60))));
    // Every message type with nothing behind it, too.
    for (let code = 0; code < 256; code++) vandal.send(Uint8Array.of(code));
    await until(() => pair.every((match) => match.stats.confirmedEnd > 30));
    expect(pair.map((match) => match.stats.malformed)).toEqual([0, 0]);
    expect(hosted.log.filter(({ event }) => event === "error")).toEqual([]);
    for (const match of pair) match.close();
  });

  it("too many messages close with 1008", async () => {
    hosted = await host();
    const socket = await bare(hosted.server, "A");
    for (let i = 0; i < LIMITS.messagesBurst + 10; i++) socket.send(Uint8Array.of(0));
    expect(await closed(socket)).toEqual({ code: 1008, reason: "You send too much." });
  });

  it("too many bytes close with 1008", async () => {
    hosted = await host();
    const socket = await bare(hosted.server, "A");
    for (let i = 0; i < LIMITS.bytesBurst / 1200 + 10; i++) socket.send(new Uint8Array(1200));
    expect((await closed(socket)).code).toBe(1008);
  });

  it("pings count as messages", async () => {
    hosted = await host({ limits: { messagesBurst: 20, messagesPerSecond: 1 } });
    const socket = await bare(hosted.server, "A");
    for (let i = 0; i < 21; i++) socket.ping();
    expect((await closed(socket)).code).toBe(1008);
  });

  it("a bucket fills with time, and never beyond its burst", () => {
    const bucket = new TokenBucket(10, 5, 0);
    expect([1, 2, 3, 4, 5, 6].map(() => bucket.take(1, 0))).toEqual([true, true, true, true, true, false]);
    expect(bucket.take(1, 99)).toBe(false);
    expect(bucket.take(1, 100)).toBe(true);
    expect(bucket.take(6, 100_000)).toBe(false);
    expect(bucket.take(5, 100_000)).toBe(true);
  });
});

describe("who stays", () => {
  it("a connection that takes no seat is closed after the hello deadline", async () => {
    hosted = await host({ limits: { helloMs: 80 } });
    const begin = performance.now();
    const { code } = await closed(await bare(hosted.server, "A"));
    expect(code).toBe(4002);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it("a player with a seat outlives the hello deadline", async () => {
    hosted = await host({ limits: { helloMs: 80 } });
    const match = await player(hosted.server, game, "A", { config: { players: 2 } });
    await sleep(200);
    expect(hosted.server.connections).toBe(1);
    match.close();
  });

  it("a frame that never ends is cut after the silence limit", async () => {
    hosted = await host({ limits: { silenceMs: 150, pingMs: 50 } });
    const tcp = rawUpgrade(hosted, "A");
    await until(() => hosted!.server.connections === 1);
    tcp.write(Uint8Array.of(0x82, 0x85, 1)); // a binary frame of five bytes, and one byte of its mask
    await until(() => hosted!.server.connections === 0, 1000);
    tcp.destroy();
  });

  it("a socket that sends nothing, or half a request, is closed", async () => {
    hosted = await host({ limits: { requestMs: 100 } });
    const silent = connect(hosted.server.port, "127.0.0.1");
    const slow = connect(hosted.server.port, "127.0.0.1");
    slow.write("GET / HTTP/1.1\r\nHost: a\r\n");
    const ends = [silent, slow].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of [silent, slow]) socket.on("error", () => {}).resume();
    await Promise.all(ends);
  });

  it.each([
    ["holds the match up", { stuckMs: 300 }],
    ["falls behind by frames", { lagFrames: 4, stuckMs: 60_000 }],
  ])("a reader who %s is closed, and his seat waits for him", async (_, limits) => {
    hosted = await host({ limits });
    const other = await player(hosted.server, game, "A", { config: { players: 2, seed: 11, dropAfterMs: 60_000 } });
    const slow = await ByHand.sit(hosted, "A", game, BY_HAND);
    let code = 0;
    slow.socket.once("close", (given: number) => {
      code = given;
    });
    const timer = setInterval(() => slow.socket.readyState === WebSocket.OPEN && slow.tick(), 5);
    await until(() => slow.player.stats.confirmedEnd > 20);
    slow.socket.pause(); // talks on, and reads nothing more
    await until(() => hosted!.log.some(({ event }) => event === "slow"));
    slow.socket.resume();
    await until(() => code !== 0);
    clearInterval(timer);
    expect(code).toBe(4001);
    expect(hosted.log.filter(({ event }) => event === "left")).toEqual([]);
    other.close();
  });

  it("a seat in the lobby is free again when its connection is lost", async () => {
    hosted = await host();
    const gone = await ByHand.sit(hosted, "A", game, BY_HAND);
    gone.tick();
    await until(() => gone.player.phase === "probing");
    gone.socket.terminate();
    await until(() => hosted!.server.connections === 0);
    const config = { players: 2, seed: 11, dropAfterMs: 60_000 };
    const pair = await Promise.all([0, 1].map(() => player(hosted!.server, game, "A", { config })));
    expect(pair.map(({ seat }) => seat).sort()).toEqual([0, 1]);
    for (const match of pair) match.close();
  });

  it("an idle lobby ends, and an empty one", async () => {
    hosted = await host({ limits: { lobbyMs: 300, lingerMs: 50 } });
    const match = await player(hosted.server, game, "IDLE", { config: { players: 2 } });
    const empty = await bare(hosted.server, "EMPTY");
    await until(() => hosted!.server.rooms === 2);
    empty.terminate();
    await until(() => hosted!.server.rooms === 1, 250);
    await until(() => match.phase === "ended");
    expect(hosted.server.rooms).toBe(0);
    expect(hosted.log.filter(({ event }) => event === "closed").map(({ why }) => why)).toEqual([
      "Everyone has gone.",
      "Nobody has started a match here.",
    ]);
  });

  it("a code is free for another match as soon as its match is over", async () => {
    hosted = await host();
    for (let round = 0; round < 2; round++) {
      const config = { players: 2 };
      const pair = [await player(hosted.server, game, "A", { config }), await player(hosted.server, game, "A")];
      await until(() => pair.every((match) => match.stats.confirmedEnd > 5));
      for (const match of pair) match.leave();
      await until(() => hosted!.log.filter(({ event }) => event === "over").length === round + 1);
    }
  });
});

describe("how many", () => {
  it("rooms: the next one is told to try later", async () => {
    hosted = await host({ limits: { rooms: 2 } });
    await bare(hosted.server, "A");
    await bare(hosted.server, "B");
    expect(await closed(await bare(hosted.server, "C"))).toMatchObject({ code: 1013 });
    expect(hosted.server.rooms).toBe(2);
    await bare(hosted.server, "A");
  });

  it("connections in a room", async () => {
    hosted = await host({ limits: { peersPerRoom: 2 } });
    await bare(hosted.server, "A");
    await bare(hosted.server, "A");
    expect(await closed(await bare(hosted.server, "A"))).toEqual({ code: 1013, reason: "This room is full." });
  });

  it("connections from an address, and again once one is gone", async () => {
    hosted = await host({ limits: { connectionsPerAddress: 2 } });
    const first = await bare(hosted.server, "A");
    await bare(hosted.server, "A");
    await expect(bare(hosted.server, "A")).rejects.toThrow(/429/);
    first.terminate();
    await until(() => hosted!.server.connections === 1);
    await bare(hosted.server, "A");
  });

  it("connections in all", async () => {
    hosted = await host({ limits: { connections: 1 } });
    await bare(hosted.server, "A");
    await expect(bare(hosted.server, "B")).rejects.toThrow(/503/);
  });

  it("bytes of input history", async () => {
    hosted = await host({ limits: { roomsBytes: 50_000 } });
    const config = { players: 2, seed: 1 };
    const match = await player(hosted.server, game, "A", { config });
    await player(hosted.server, game, "A", { config });
    await expect(player(hosted.server, game, "B", { config: { players: 8 } })).rejects.toThrow(/no memory/);
    expect(match.phase).not.toBe("ended");
    match.close();
  });

  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8::6", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
  ])("%s counts as %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe("errors", () => {
  it("inside one room end that room and no other", async () => {
    let broken = true;
    const recorder = () => ({
      confirmed: () => {
        if (broken) throw new Error("planted");
      },
      check: () => {},
      finish: () => new Uint8Array(0),
    });
    const directory = await mkdtemp(join(tmpdir(), "samestep-"));
    hosted = await host({ record: { directory, recorder } });
    const config = { players: 2, seed: 1 };
    const doomed = await Promise.all([0, 1].map(() => player(hosted!.server, game, "DOOMED", { config })));
    await until(() => hosted!.log.some(({ event, room }) => event === "closed" && room === "DOOMED"));
    broken = false;
    const pair = await Promise.all([0, 1].map(() => player(hosted!.server, game, "FINE", { config })));
    await until(() => pair.every((match) => match.stats.confirmedEnd > 5));
    for (const match of [...doomed, ...pair]) match.close();
  });
});

/** An upgrade by hand, for frames that no library would send. */
function rawUpgrade({ server }: Hosted, room: string): Socket {
  const socket = connect(server.port, "127.0.0.1");
  const url = playUrl(server.url, room);
  socket.on("error", () => {}).resume();
  socket.write(
    `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  return socket;
}
