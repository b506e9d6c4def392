// Hold-ups on the way up, in virtual time: the server's carrier sees them, and the client's opens another socket.
import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { Connection } from "../../src/server/connection.js";
import { LIMITS, TICK_MS } from "../../src/server/limits.js";
import { Reception } from "../../src/server/reception.js";
import { heldUp, readHeldUp } from "../../src/transport/held-up.js";
import { RELAY_ENTER, RELAY_GRANT, RELAY_SEATS_MAX } from "../../src/transport/relay.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { MESSAGES } from "../../src/wire/messages.js";

/** One way. */
const DELAY_MS = 40;
const FRAME_MS = 16;

const INPUTS = Uint8Array.of(MESSAGES.inputs.code);
const FRAMES = Uint8Array.of(MESSAGES.frames.code);

const random = new Random(7);

/** One direction of a TCP connection: all arrives, in order, and what is behind a lost packet waits for its repeat. */
class Way {
  #freeAt = 0;
  jitterMs = 0;

  /** What is sent from now on arrives in so many ms at the soonest. */
  stall(ms: number): void {
    this.#freeAt = Math.max(this.#freeAt, performance.now() + ms);
  }

  carry(arrive: () => void): void {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now + DELAY_MS + (this.jitterMs * random.below(1000)) / 1000);
    setTimeout(arrive, this.#freeAt - now);
  }
}

/** The server's end of a socket, as `ws` shows it. */
class Accepted extends EventEmitter {
  readyState = 1;
  bufferedAmount = 0;
  ping(): void {}
  close(): void {}
  terminate(): void {}
  readonly send: (bytes: Uint8Array) => void;

  constructor(send: (bytes: Uint8Array) => void) {
    super();
    this.send = send;
  }
}

/** The client's end, as a browser shows it, with the way to the server and back. */
class Wire {
  static all: Wire[] = [];
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "";
  readonly up = new Way();
  readonly down = new Way();
  readonly #listeners = new Map<string, (event: object) => void>();
  readonly #accepted = new Accepted((bytes) => this.down.carry(() => this.#tell("message", { data: copy(bytes) })));

  constructor() {
    Wire.all.push(this);
    setTimeout(() => {
      reception.accept(this.#accepted as never, "DUEL", "");
      this.readyState = 1;
      this.#tell("open", {});
    }, 2 * DELAY_MS);
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    this.#listeners.set(type, listener);
  }

  send(bytes: Uint8Array): void {
    const sent = Buffer.from(bytes);
    this.up.carry(() => atServer(() => this.#accepted.emit("message", sent, true)));
  }

  close(): void {
    this.readyState = 3;
    this.#accepted.readyState = 3;
    this.#accepted.emit("close", 1000, Buffer.alloc(0));
  }

  #tell(type: string, event: object): void {
    if (this.readyState === 1) this.#listeners.get(type)!(event);
  }
}

const copy = (bytes: Uint8Array) => bytes.slice().buffer;

let reception: Reception;
let connections: Connection[];
let client: WebSocketTransport;
let received: number[];
let stop: (() => void)[];
/** Ends what the client sends, and the server's ticks. */
let silence: () => void;
let stopTicks: () => void;
/** What came to a server that stands still. */
let waiting: (() => void)[] | undefined;

function atServer(act: () => void): void {
  if (waiting === undefined) act();
  else waiting.push(act);
}

const every = (ms: number, act: () => void) => {
  const timer = setInterval(act, ms);
  stop.push(() => clearInterval(timer));
  return () => clearInterval(timer);
};
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(async () => {
  vi.useFakeTimers();
  Wire.all = [];
  connections = [];
  received = [];
  stop = [];
  reception = new Reception({
    limits: LIMITS,
    open: (stripe, _room, onGone) => {
      const connection = new Connection({ stripe, peer: 1, limits: LIMITS, onGone });
      connection.seated = true;
      connections.push(connection);
      return connection;
    },
    log: () => {},
  });
  waiting = undefined;
  stopTicks = every(TICK_MS, tick);
  every(FRAME_MS, () => {
    for (const connection of connections) connection.send(FRAMES);
  });
  client = new WebSocketTransport({ url: "ws://localhost", socket: Wire as never, random: () => 0.5 });
  client.listen({ opened: () => {}, received: ([code]) => received.push(code!), closed: () => {} });
  play();
  await pass(3000);
});

function tick(): void {
  const now = performance.now();
  reception.tick(now);
  for (const connection of connections) connection.tick(now);
}

function play(): void {
  silence = every(FRAME_MS, () => client.send(INPUTS));
}

afterEach(() => {
  for (const each of stop) each();
  client.close();
  vi.useRealTimers();
});

/** Every second, so many times: a packet is lost on the way up, on each socket in turn. */
async function loseUpward(times: number, stallMs = 150): Promise<void> {
  for (let i = 0; i < times; i++) {
    const open = Wire.all.filter(({ readyState }) => readyState === 1);
    open[i % open.length]!.up.stall(DELAY_MS + stallMs);
    await pass(1000);
  }
}

it("three in ten seconds open a second socket, three more a third, and a calm minute gives one back", async () => {
  await loseUpward(2);
  expect([client.holdUps, client.stripes]).toEqual([2, 1]);
  await loseUpward(1);
  expect([client.holdUps, client.stripes]).toEqual([3, 2]);
  await loseUpward(6, 250);
  expect(client.stripes).toBe(3);
  await pass(61_000);
  expect(client.stripes).toBe(2);
});

it("the player hears nothing of what the server tells his carrier", async () => {
  await loseUpward(3);
  expect(new Set(received)).toEqual(new Set([MESSAGES.frames.code]));
});

it("a calm way keeps one socket, and so does one that only comes unevenly", async () => {
  await pass(30_000);
  Wire.all[0]!.up.jitterMs = 25;
  await pass(60_000);
  expect([client.holdUps, Wire.all.length]).toEqual([0, 1]);
});

it("a page that pauses and then catches up loses nothing, and one that is held up besides does", async () => {
  const pause = async (ms: number) => {
    silence();
    await pass(ms);
    for (let i = 0; i < 5; i++) client.send(INPUTS); // the ticks that its worker had sent meanwhile
    play();
  };
  for (const ms of [100, 150, 300, 450, 900, 1500]) {
    await pause(ms);
    await pass(1200);
  }
  expect([client.holdUps, Wire.all.length]).toEqual([0, 1]);
  await pass(1000); // until the longest is forgotten
  await pause(70);
  await loseUpward(1, 300);
  expect(client.holdUps).toBe(1);
});

it("a page that sent only evidence for a while has lost nothing", async () => {
  const evidence = new Uint8Array(1200).fill(MESSAGES.parcel.code);
  silence();
  const busy = every(FRAME_MS, () => client.send(evidence));
  await pass(300);
  busy();
  for (let i = 0; i < 2; i++) client.send(INPUTS);
  play();
  await pass(1000);
  expect(client.holdUps).toBe(0);
});

it("a page that was hidden for a minute, and got one timer call a second, has lost nothing", async () => {
  silence();
  const hidden = every(1000, () => {
    for (let i = 0; i < 3; i++) client.send(INPUTS);
  });
  await pass(60_000);
  hidden();
  play();
  await pass(5000);
  expect([client.holdUps, client.stripes]).toEqual([0, 1]);
});

it("what waited for a server that stood still was not held up", async () => {
  for (const ms of [60, 70, 80, 100, 150, 200, 300, 400, 600]) {
    stopTicks();
    waiting = [];
    await pass(ms);
    const came = waiting;
    waiting = undefined;
    tick(); // timers first, then what came
    for (const act of came) act();
    stopTicks = every(TICK_MS, tick);
    await pass(500);
  }
  expect([client.holdUps, client.stripes]).toEqual([0, 1]);
});

it("what stops both ways at once counts once each way, so that two outages open nothing", async () => {
  for (let i = 0; i < 2; i++) {
    Wire.all[0]!.down.stall(DELAY_MS + 200);
    await loseUpward(1, 200);
  }
  expect([client.holdUps, client.stripes]).toEqual([4, 1]);
});

it("a server that tells of hold-ups without end gains three sockets, which is what loss would", async () => {
  every(100, () => {
    for (const connection of connections) connection.send(heldUp(5000));
  });
  await pass(30_000);
  expect(client.stripes).toBe(3);
  expect(Wire.all.length).toBe(3);
});

it("a socket that introduced nobody is sent datagrams only", async () => {
  client.close();
  const bare = new Wire();
  const codes: number[] = [];
  bare.addEventListener("open", () => {});
  bare.addEventListener("message", ({ data }: { data?: ArrayBuffer }) => codes.push(new Uint8Array(data!)[0]!));
  await pass(3 * DELAY_MS);
  every(FRAME_MS, () => bare.send(INPUTS));
  await pass(1000);
  bare.up.stall(DELAY_MS + 200);
  await pass(1000);
  expect(new Set(codes)).toEqual(new Set([MESSAGES.frames.code]));
});

it("what is told is three bytes, which neither the wire's table nor a relay knows", () => {
  expect(Buffer.from(heldUp(0x0102)).toString("hex")).toBe("fd0201");
  expect([61.4, 0x0102, 70_000].map((ms) => readHeldUp(heldUp(ms)))).toEqual([61, 0x0102, 0xffff]);
  const code = heldUp(1)[0]!;
  expect(Object.values(MESSAGES).map((message) => message.code)).not.toContain(code);
  expect([RELAY_ENTER, RELAY_GRANT]).not.toContain(code);
  expect(code).toBeGreaterThanOrEqual(RELAY_SEATS_MAX);
  for (const other of [new Uint8Array(0), Uint8Array.of(code, 1), Uint8Array.of(code, 1, 0, 0), Uint8Array.of(1, 1, 1)])
    expect(readHeldUp(other)).toBeUndefined();
});
