// The carriers: what the port promises, against a real WebSocket server and in virtual time.
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { PERFECT } from "../../src/netsim/conditions.js";
import { memoryPair } from "../../src/transport/memory.js";
import { playUrl } from "../../src/transport/room-code.js";
import { SimulatedTransport } from "../../src/transport/simulated.js";
import type { Closing, Transport } from "../../src/transport/transport.js";
import { backoffMs, WebSocketTransport } from "../../src/transport/websocket.js";
import { until } from "../server/play.js";

interface Heard {
  opened: number;
  bytes: number[][];
  closings: Closing[];
}

function listen(transport: Transport): Heard {
  const heard: Heard = { opened: 0, bytes: [], closings: [] };
  transport.listen({
    opened: () => {
      heard.opened += 1;
    },
    received: (bytes) => heard.bytes.push([...bytes]),
    closed: (closing) => heard.closings.push(closing),
  });
  return heard;
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

describe("memory", () => {
  it("carries bytes as they were when they were sent", async () => {
    const [a, b] = memoryPair();
    listen(a);
    const heard = listen(b);
    const bytes = Uint8Array.of(1, 2);
    a.send(bytes);
    bytes[0] = 9;
    expect(heard.bytes).toEqual([]);
    await soon();
    expect(heard.bytes).toEqual([[1, 2]]);
    expect(heard.opened).toBe(1);
  });

  it("tells the other end that it is closed", async () => {
    const [a, b] = memoryPair();
    const mine = listen(a);
    const theirs = listen(b);
    a.close();
    await soon();
    expect(theirs.closings.map(({ final }) => final)).toEqual([true]);
    expect(mine.closings).toEqual([]);
  });
});

describe("a room's address", () => {
  it.each([
    ["http://localhost:8080", "ws://localhost:8080/play?room=DUEL-1"],
    ["https://example.org/games/", "wss://example.org/games/play?room=DUEL-1"],
    ["ws://10.0.0.1:99?x=1", "ws://10.0.0.1:99/play?room=DUEL-1"],
  ])("of %s", (server, url) => {
    expect(String(playUrl(server, "duel-1"))).toBe(url);
  });

  it.each(["", "A B", "A".repeat(17), "../X"])("refuses the code '%s'", (room) => {
    expect(() => playUrl("ws://localhost", room)).toThrow(/a room code is/);
  });

  it("refuses what is no address", () => {
    expect(() => playUrl("localhost:8080", "A")).toThrow(/ws:\/\//);
  });
});

describe("the waits between two attempts", () => {
  it("waits 250 ms, then twice as long each time, to five seconds, half of it by chance", () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((attempts) => backoffMs(attempts, () => 1))).toEqual([
      250, 500, 1000, 2000, 4000, 5000, 5000,
    ]);
    expect([0, 5].map((attempts) => backoffMs(attempts, () => 0))).toEqual([125, 2500]);
  });
});

describe("websocket", () => {
  let server: WebSocketServer;
  let transport: WebSocketTransport;

  async function serve(port = 0): Promise<string> {
    server = new WebSocketServer({ port, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  afterEach(() => {
    transport.close();
    for (const client of server.clients) client.terminate();
    server.close();
  });

  it("carries bytes as they were when they were sent", async () => {
    const received: number[][] = [];
    const url = await serve();
    server.on("connection", (socket) => socket.on("message", (bytes: Buffer) => received.push([...bytes])));
    transport = new WebSocketTransport({ url, socket: WebSocket });
    const heard = listen(transport);
    await until(() => heard.opened === 1);
    const bytes = Uint8Array.of(1, 2, 3);
    transport.send(bytes);
    bytes.fill(9);
    await until(() => received.length === 2);
    expect(received[1]).toEqual([1, 2, 3]); // after the introduction
  });

  it("dials again after a loss, and reports the new carrier", async () => {
    const url = await serve();
    transport = new WebSocketTransport({ url, socket: WebSocket, random: () => 0 });
    const heard = listen(transport);
    await until(() => heard.opened === 1);
    for (const client of server.clients) client.terminate();
    await until(() => heard.opened === 2);
    expect(heard.closings).toEqual([{ code: 1006, reason: "", final: false }]);
  });

  it("does not dial again when the server says that it is over", async () => {
    const url = await serve();
    let dials = 0;
    server.on("connection", (socket) => {
      dials += 1;
      socket.close(1008, "You send too much.");
    });
    transport = new WebSocketTransport({ url, socket: WebSocket, random: () => 0 });
    const heard = listen(transport);
    await until(() => heard.closings.length === 1);
    expect(heard.closings).toEqual([{ code: 1008, reason: "You send too much.", final: true }]);
    await new Promise((resolve) => setTimeout(resolve, 200)); // longer than the first wait
    expect(dials).toBe(1);
  });

  it("gives up a connection through which nothing comes", async () => {
    const url = await serve();
    transport = new WebSocketTransport({ url, socket: WebSocket, random: () => 0 });
    const heard = listen(transport);
    await until(() => heard.opened === 2);
    expect(heard.closings.map(({ code, final }) => ({ code, final }))).toEqual([{ code: 1006, final: false }]);
  });

  it("drops what does not fit the socket any more", async () => {
    const url = await serve();
    let full = true;
    class Full extends WebSocket {
      constructor(address: string) {
        super(address);
        Object.defineProperty(this, "bufferedAmount", { get: () => (full ? 4801 : 0) });
      }
    }
    const received: number[][] = [];
    server.on("connection", (client) => client.on("message", (bytes: Buffer) => received.push([...bytes])));
    transport = new WebSocketTransport({ url, socket: Full });
    const heard = listen(transport);
    await until(() => heard.opened === 1);
    transport.send(Uint8Array.of(1));
    full = false;
    transport.send(Uint8Array.of(2));
    await until(() => received.length > 0);
    expect(received).toEqual([[2]]);
  });

  it("drops what is sent while there is no carrier", async () => {
    const url = await serve();
    transport = new WebSocketTransport({ url, socket: WebSocket });
    expect(() => transport.send(Uint8Array.of(1))).not.toThrow();
  });
});

describe("a simulated network before a carrier", () => {
  const DATAGRAMS = 200;
  const LOSSY = { ...PERFECT, delayMs: 40, jitterMs: 30, loss: 0.3, burst: 2, duplicate: 0.1, reorder: 0.1 };

  /** Sends one datagram each 16 ms of virtual time from each end; answers what came, and when. */
  async function exchange(mode: "stream" | "datagram", conditions = LOSSY) {
    let now = 0;
    const [near, far] = memoryPair();
    const simulated = new SimulatedTransport(near, {
      mode,
      up: conditions,
      down: conditions,
      seed: 7,
      clock: () => now,
    });
    const here: { n: number; at: number }[] = [];
    const there: { n: number; at: number }[] = [];
    simulated.listen({ opened() {}, received: ([n]) => here.push({ n: n!, at: now }), closed() {} });
    far.listen({ opened() {}, received: ([n]) => there.push({ n: n!, at: now }), closed() {} });
    await soon();
    for (; now < 60_000; now += 4) {
      if (now % 16 === 0 && now / 16 < DATAGRAMS) {
        simulated.send(Uint8Array.of(now / 16));
        far.send(Uint8Array.of(now / 16));
      }
      simulated.pump(now);
      await Promise.resolve();
    }
    simulated.close();
    return { here, there };
  }

  const ALL = Array.from({ length: DATAGRAMS }, (_, n) => n);

  it("loses nothing and keeps the order in stream mode at 30 % loss, and shows it as a stall", async () => {
    const { here, there } = await exchange("stream");
    expect(here.map(({ n }) => n)).toEqual(ALL);
    expect(there.map(({ n }) => n)).toEqual(ALL);
    const longest = Math.max(...there.map(({ n, at }) => at - 16 * n));
    expect(longest).toBeGreaterThan(200);
  });

  it("loses in datagram mode", async () => {
    const { there } = await exchange("datagram");
    expect(new Set(there.map(({ n }) => n)).size).toBeLessThan(DATAGRAMS * 0.85);
  });

  it("adds nothing when the network is perfect", async () => {
    const { there } = await exchange("stream", PERFECT);
    expect(Math.max(...there.map(({ n, at }) => at - 16 * n))).toBeLessThanOrEqual(4);
  });

  it("delivers by its own timer when nobody pumps", async () => {
    const [near, far] = memoryPair();
    const simulated = new SimulatedTransport(near, { mode: "stream", up: { ...PERFECT, delayMs: 30 } });
    listen(simulated);
    const heard = listen(far);
    await soon();
    const begin = performance.now();
    simulated.send(Uint8Array.of(5));
    await until(() => heard.bytes.length === 1);
    expect(performance.now() - begin).toBeGreaterThan(29);
    simulated.close();
  });

  it("takes new conditions live", async () => {
    let now = 0;
    const [near, far] = memoryPair();
    const simulated = new SimulatedTransport(near, { mode: "stream", clock: () => now });
    listen(simulated);
    const heard = listen(far);
    await soon();
    simulated.change({ up: { ...PERFECT, delayMs: 50 } });
    simulated.send(Uint8Array.of(1));
    now = 49;
    simulated.pump(now);
    await soon();
    expect(heard.bytes).toEqual([]);
    now = 50;
    simulated.pump(now);
    await soon();
    expect(heard.bytes).toEqual([[1]]);
    simulated.close();
  });

  it("lets what was sent arrive when it is closed: a good-bye is not lost", async () => {
    const [near, far] = memoryPair();
    const simulated = new SimulatedTransport(near, { mode: "stream", up: { ...PERFECT, delayMs: 500 } });
    listen(simulated);
    const heard = listen(far);
    await soon();
    simulated.send(Uint8Array.of(9));
    simulated.close();
    await soon();
    expect(heard.bytes).toEqual([[9]]);
  });
});
