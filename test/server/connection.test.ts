// The server's end of a WebSocket: what is waiting in it is what was sent.
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Connection } from "../../src/server/connection.js";
import { LIMITS } from "../../src/server/limits.js";
import { Stripe } from "../../src/server/stripe.js";
import { until } from "./play.js";

const BACKLOG_BYTES = 256 * 1024;

it("a datagram that waits for a slow reader keeps its bytes, though its sender's buffer is used again", async () => {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await new Promise((resolve) => server.once("listening", resolve));
  const accepted = new Promise<WebSocket>((resolve) => server.once("connection", resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const socket = await accepted;
  await until(() => client.readyState === WebSocket.OPEN);
  const limits = { ...LIMITS, backlogBytes: 2 * BACKLOG_BYTES };
  const stripe = new Stripe({ socket, address: "", limits, now: performance.now() });
  const connection = new Connection({ stripe, peer: 1, limits, onGone: () => {} });
  client.pause();
  const buffer = new Uint8Array(1200);
  const view = new DataView(buffer.buffer);
  let sent = 0;
  // The kernel takes megabytes first; only what waits in this process could still change.
  for (; socket.bufferedAmount < BACKLOG_BYTES; sent++) {
    view.setUint32(0, sent);
    connection.send(buffer);
    if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  view.setUint32(0, 0xffff_ffff);
  const received: number[] = [];
  client.on("message", (bytes: Buffer) => received.push(bytes.readUInt32BE(0)));
  client.resume();
  await until(() => received.length === sent);
  expect(received.every((number, index) => number === index)).toBe(true);
  client.terminate();
  server.close();
});
