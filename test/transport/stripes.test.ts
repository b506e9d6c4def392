// Several sockets as one carrier: which one is taken, when there are more, and what the server makes of them.
import { describe, expect, it } from "vitest";
import { Carriers } from "../../src/server/carriers.js";
import type { Connection } from "../../src/server/connection.js";
import { Arrivals, Demand, Departures, SEND_MS } from "../../src/transport/hold-ups.js";
import { drawToken, introduction, readIntroduction } from "../../src/transport/introduction.js";
import { isBulk, Rotation } from "../../src/transport/rotation.js";
import { WebSocketTransport } from "../../src/transport/websocket.js";
import { MESSAGES } from "../../src/wire/messages.js";

const INPUTS = Uint8Array.of(MESSAGES.inputs.code);
const BULK = new Uint8Array(1200).fill(MESSAGES.parcel.code);

describe("which socket a datagram takes", () => {
  const lanes = (...heardAt: number[]) => heardAt.map((at, index) => ({ index, heardAt: at }));
  const picks = (rotation: Rotation<{ index: number; heardAt: number }>, among: ReturnType<typeof lanes>, count = 6) =>
    Array.from({ length: count }, () => rotation.pick(among, INPUTS, 1000)?.index);

  it("neighbours take different ones, each in turn", () => {
    expect(picks(new Rotation(), lanes(1000, 1000, 1000))).toEqual([1, 2, 0, 1, 2, 0]);
  });

  it("a silent one is passed over", () => {
    expect(picks(new Rotation(), lanes(1000, 500, 501))).toEqual([2, 0, 2, 0, 2, 0]);
  });

  it("where all are silent, the one heard last", () => {
    expect(picks(new Rotation(), lanes(100, 300, 200))).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("bulk takes the last, and inputs keep off it until it has drained", () => {
    const rotation = new Rotation<{ index: number; heardAt: number }>();
    const three = lanes(1000, 1000, 1000);
    expect(rotation.pick(three, BULK, 1000)?.index).toBe(2);
    expect(picks(rotation, three, 4)).not.toContain(2);
    const later = [0, 1, 2].map(() => rotation.pick(lanes(1300, 1300, 1300), INPUTS, 1300)?.index);
    expect(later).toContain(2);
  });

  it("bulk takes a live one where the last is silent", () => {
    expect(new Rotation<{ index: number; heardAt: number }>().pick(lanes(1000, 900, 100), BULK, 1000)?.index).toBe(1);
  });

  it("a frame's inputs are never bulk, and a short message of any kind is not", () => {
    expect(isBulk(BULK)).toBe(true);
    for (const { code } of [MESSAGES.inputs, MESSAGES.frames]) {
      expect(isBulk(new Uint8Array(1200).fill(code))).toBe(false);
    }
    expect(isBulk(new Uint8Array(255).fill(MESSAGES.parcel.code))).toBe(false);
  });
});

describe("a hold-up", () => {
  /** Datagrams at these times, from who sends every 16 ms unless he sleeps; answers which showed a hold-up. */
  function heldUp(times: number[], { stripes = 1, asleep = false } = {}): number[] {
    const arrivals = new Arrivals(SEND_MS);
    return times.filter((at) => arrivals.hear(at, stripes, asleep ? 0 : Math.floor(at / 16)) > 0);
  }

  it("is a gap and then a burst, counted once", () => {
    expect(heldUp([0, 16, 32, 160, 160.5, 161, 162, 176])).toEqual([160.5]);
  });

  it("is neither jitter, nor a gap without a burst, nor a burst without a gap", () => {
    expect(heldUp([0, 30, 34, 60, 62, 110, 111])).toEqual([]);
    expect(heldUp([0, 16, 160, 176, 192])).toEqual([]);
    expect(heldUp([0, 16, 16, 16, 32])).toEqual([]);
  });

  it("is not what waited while we slept", () => {
    expect(heldUp([0, 16, 160, 160.5, 161], { asleep: true })).toEqual([]);
  });

  it("tells how long nothing came", () => {
    const arrivals = new Arrivals(SEND_MS);
    const told = [0, 16, 160, 160.5].map((at) => arrivals.hear(at, 1, Math.floor(at / 16)));
    expect(told).toEqual([0, 0, 0, 144]);
  });

  it("takes a longer gap where each socket carries a third of the frames", () => {
    expect(heldUp([0, 50, 150, 151, 200], { stripes: 3 })).toEqual([]);
    expect(heldUp([0, 50, 250, 251, 300], { stripes: 3 })).toEqual([251]);
  });

  it("calls for another socket three times in ten seconds, up to three sockets", () => {
    const demand = new Demand(1, 3);
    const wanted = (...times: number[]) => {
      for (const at of times) demand.heldUp("down", at);
      return demand.stripes(times.at(-1)!);
    };
    expect(wanted(0, 6000, 12_000, 18_000)).toBe(1);
    expect(wanted(19_000)).toBe(2);
    expect(wanted(20_000, 21_000)).toBe(2);
    expect(wanted(22_000)).toBe(3);
    expect(wanted(23_000, 24_000, 25_000)).toBe(3);
    expect(demand.holdUps).toBe(11);
  });

  it("calls for another socket only with as many in the same direction", () => {
    const demand = new Demand(1, 3);
    for (const at of [0, 1000]) for (const way of ["up", "down"] as const) demand.heldUp(way, at);
    expect(demand.stripes(1000)).toBe(1);
    demand.heldUp("up", 2000);
    expect(demand.stripes(2000)).toBe(2);
    demand.heldUp("down", 3000);
    expect(demand.stripes(3000)).toBe(2); // what was counted before says nothing about two
  });

  it("that does not come for a minute gives a socket back, and another minute the next", () => {
    const demand = new Demand(1, 3);
    for (let at = 0; at < 6000; at += 1000) demand.heldUp("down", at);
    expect([6000, 64_000, 66_000, 120_000, 127_000, 500_000].map((now) => demand.stripes(now))).toEqual([
      3, 3, 2, 2, 1, 1,
    ]);
  });
});

describe("a pause of our own", () => {
  /** Sends at these times; answers how long a gap it explains. */
  function explained(times: number[]): number {
    const departures = new Departures();
    for (const at of times) departures.sent(at);
    let gapMs = 0;
    while (gapMs < 5000 && departures.excuse(gapMs + 1)) gapMs += 1;
    return gapMs;
  }
  const steady = (from: number, to: number) => Array.from({ length: (to - from) / 16 }, (_, i) => from + 16 * i);

  it("explains a gap of up to twice its length", () => {
    expect(explained([0, 16, 116, 132])).toBe(200);
    expect(explained(steady(0, 800))).toBe(32);
    expect(explained([])).toBe(0);
    expect(explained([5000])).toBe(0);
  });

  it("is remembered for a second at least and for two at most, behind longer and shorter ones", () => {
    expect(explained([...steady(0, 160), 400, ...steady(416, 1376)])).toBeGreaterThanOrEqual(480);
    expect(explained([...steady(0, 1600), ...steady(2000, 2160), 2300, ...steady(2316, 3180)])).toBeGreaterThanOrEqual(
      280,
    );
    expect(explained([...steady(0, 160), 400, ...steady(416, 2496)])).toBe(32);
  });
});

describe("an introduction", () => {
  const token = Uint8Array.from({ length: 16 }, (_, i) => 240 + i);

  it("says a carrier's token and the socket's number in it", () => {
    const bytes = introduction(token, 0x0102_0304);
    expect(Buffer.from(bytes).toString("hex")).toBe("00f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff04030201");
    expect(readIntroduction(bytes)).toEqual({ token: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", serial: 0x0102_0304 });
  });

  it("is no message of the wire's table", () => {
    expect(Object.values(MESSAGES).map(({ code }) => code)).not.toContain(introduction(token, 0)[0]);
  });

  it("is nothing else: other lengths and codes are datagrams", () => {
    const bytes = introduction(token, 0);
    expect(readIntroduction(bytes.subarray(1))).toBeUndefined();
    expect(readIntroduction(Uint8Array.of(...bytes, 0))).toBeUndefined();
    expect(readIntroduction(bytes.with(0, 1))).toBeUndefined();
    expect(readIntroduction(new Uint8Array(0))).toBeUndefined();
  });
});

describe("a carrier's token", () => {
  const ROOM = "DUEL";
  const token = drawToken();
  const hex = readIntroduction(introduction(token, 0))!.token;

  function opened() {
    const carriers = new Carriers();
    const connection = {} as Connection;
    expect(carriers.claim(ROOM, introduction(token, 0))).toEqual({ kind: "opens", token: hex });
    carriers.open(ROOM, hex, connection);
    return { carriers, connection };
  }

  it("joins later sockets to the first", () => {
    const { carriers, connection } = opened();
    expect(carriers.claim(ROOM, introduction(token, 1))).toEqual({ kind: "joins", connection });
    expect(carriers.claim(ROOM, introduction(token, 7))).toEqual({ kind: "joins", connection });
  });

  it("joins nobody who shows what another socket has shown", () => {
    const { carriers } = opened();
    carriers.claim(ROOM, introduction(token, 2));
    for (const serial of [0, 1, 2]) {
      expect(carriers.claim(ROOM, introduction(token, serial))).toEqual({ kind: "refused", why: "replayed" });
    }
    expect(carriers.refused).toEqual({ unknown: 0, replayed: 3 });
  });

  it("joins nobody with another token, from another room, or when the carrier is gone", () => {
    const { carriers } = opened();
    const unknown = { kind: "refused", why: "unknown" };
    expect(carriers.claim(ROOM, introduction(drawToken(), 1))).toEqual(unknown);
    expect(carriers.claim("OTHER", introduction(token, 1))).toEqual(unknown);
    carriers.forget(ROOM, hex);
    expect(carriers.claim(ROOM, introduction(token, 1))).toEqual(unknown);
    expect(carriers.refused).toEqual({ unknown: 3, replayed: 0 });
  });

  it("is not needed by a peer of one socket: his first message is a datagram", () => {
    expect(new Carriers().claim(ROOM, INPUTS)).toEqual({ kind: "opens", token: undefined });
  });
});

it.each([{ least: 0 }, { most: 4 }, { least: 3, most: 2 }, { least: Number.NaN }])(
  "stripes %j are refused",
  (stripes) => {
    const socket = class {} as never;
    expect(() => new WebSocketTransport({ url: "ws://localhost", socket, stripes })).toThrow(/stripes are 1 to 3/);
  },
);
