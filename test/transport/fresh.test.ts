// Fresh sockets beside silent ones, in virtual time: when they are opened, and what becomes of the old ones.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Closing } from "../../src/transport/transport.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { MESSAGES } from "../../src/wire/messages.js";

/** Of the path: a round trip, and what a socket needs to open over it. */
const TRIP_MS = 80;
const OPENING_MS = 2 * TRIP_MS;

const INPUTS = Uint8Array.of(MESSAGES.inputs.code);

type Listener = (event: object) => void;

/** A socket to a server that answers every message; what is under way when the path breaks never arrives. */
class Wire {
  static all: Wire[] = [];
  static down = false;
  static breaks = 0;
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "";
  readonly #listeners = new Map<string, Listener>();
  readonly #openedIn: number;
  /** Nothing comes through it any more. */
  stuck: boolean;

  constructor() {
    Wire.all.push(this);
    this.stuck = Wire.down;
    this.#openedIn = Wire.breaks;
    this.#later(OPENING_MS, "open", {});
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  send(): void {
    this.#later(TRIP_MS, "message", { data: new ArrayBuffer(1) });
  }

  close(): void {
    this.readyState = 2;
  }

  /** The server closes it. */
  end(code: number): void {
    this.readyState = 3;
    this.#listeners.get("close")!({ code, reason: "" });
  }

  #later(ms: number, type: string, event: object): void {
    setTimeout(() => {
      if (this.stuck || this.#openedIn !== Wire.breaks || this.readyState > 1) return;
      if (type === "open") this.readyState = 1;
      this.#listeners.get(type)!(event);
    }, ms);
  }
}

let transport: WebSocketTransport;
let closings: Closing[];
let opened: number;
let playing: ReturnType<typeof setInterval>;

const breakPath = () => {
  Wire.down = true;
  Wire.breaks += 1;
};
const mendPath = () => {
  Wire.down = false;
};
const live = () => Wire.all.map(({ readyState }) => readyState === 1);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers();
  mendPath();
  await start({}, 16);
});

/** A carrier through which a datagram goes every so many ms. */
async function start(stripes: { least?: number }, everyMs: number): Promise<void> {
  transport?.close();
  Wire.all = [];
  closings = [];
  opened = 0;
  transport = new WebSocketTransport({ url: "ws://localhost", socket: Wire as never, stripes });
  transport.listen({
    opened: () => {
      opened += 1;
    },
    received: () => {},
    closed: (closing) => closings.push(closing),
  });
  await play(everyMs);
}

afterEach(() => {
  clearInterval(playing);
  transport.close();
  vi.useRealTimers();
});

/** Sends a datagram every so many ms from now on, and gives the carrier time to know it. */
async function play(everyMs: number): Promise<void> {
  clearInterval(playing);
  playing = setInterval(() => transport.send(INPUTS), everyMs);
  await pass(Math.max(3000, 64 * everyMs));
}

it("a path that carries something keeps its one socket", async () => {
  await pass(60_000);
  expect(live()).toEqual([true]);
});

it("silence of half a second opens a fresh one; the old one stays until the fresh one has carried something", async () => {
  Wire.all[0]!.stuck = true;
  await pass(450);
  expect(Wire.all.length).toBe(1);
  await pass(100);
  expect(Wire.all.length).toBe(2);
  await pass(OPENING_MS - 10);
  expect(live()).toEqual([true, true]);
  await pass(TRIP_MS / 2 - 10);
  expect(live()).toEqual([true, true]);
  await pass(TRIP_MS);
  expect(live()).toEqual([false, true]);
  expect([opened, closings]).toEqual([1, []]);
});

it("a fresh one takes the place of all that were silent at once", async () => {
  await start({ least: 3 }, 16);
  expect(live()).toEqual([true, true, true]);
  for (const wire of Wire.all) wire.stuck = true;
  await pass(545 + OPENING_MS + TRIP_MS);
  expect(live().slice(0, 4)).toEqual([false, false, false, true]);
  await pass(2000);
  expect(transport.stripes).toBe(3);
});

it("a lobby, where little is said, has one socket", async () => {
  await start({ least: 3 }, 250);
  await pass(60_000);
  expect(live()).toEqual([true]);
});

it("an outage of three seconds is over within half a second, at whatever moment the path is back", async () => {
  const times: number[] = [];
  for (let phase = 0; phase < 20; phase++) {
    breakPath();
    await pass(3000 + 13 * phase);
    mendPath();
    const before = Wire.all.length;
    const mendedAt = performance.now();
    while (Wire.all.at(-1)!.readyState !== 1 || transport.stripes !== 1) await pass(1);
    times.push(performance.now() - mendedAt);
    expect(Wire.all.length - before).toBe(1); // the first that could get through did, and was kept
    await pass(1000);
  }
  expect(Math.max(...times)).toBeLessThan(500);
  expect(Math.min(...times)).toBeLessThan(300);
  expect([opened, closings]).toEqual([1, []]);
});

it("dials in haste only as long as others wait for a player, then at leisure", async () => {
  breakPath();
  await pass(5500);
  const hasty = Wire.all.length;
  expect(hasty).toBeGreaterThan(15);
  await pass(20_000);
  expect(Wire.all.length - hasty).toBeLessThan(8);
});

it("a fresh one that the server gives up, for its introduction was lost, ends nothing", async () => {
  Wire.all[0]!.stuck = true;
  await pass(545 + OPENING_MS);
  expect(transport.stripes).toBe(2);
  Wire.all[0]!.stuck = false; // and the old one wakes up
  Wire.all[1]!.end(4002);
  await pass(1000);
  expect(closings).toEqual([]);
  expect(transport.stripes).toBe(1);
});

it("a socket that is unknown to the server means that another carrier has to be opened", async () => {
  Wire.all[0]!.stuck = true;
  await pass(545 + OPENING_MS);
  Wire.all[1]!.end(4003);
  expect(closings.map(({ code, final }) => [code, final])).toEqual([[4003, false]]);
  await pass(1000);
  expect(opened).toBe(2);
  expect(transport.stripes).toBe(1);
});

it("a game of one frame a second is not silent between two frames, and never without a socket", async () => {
  await play(1000);
  const before = Wire.all.length;
  await pass(60_000);
  expect(Wire.all.length).toBe(before);
  expect(transport.stripes).toBe(1);
});
