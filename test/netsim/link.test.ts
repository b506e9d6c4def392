// The simulated link: what it loses, delays, doubles and reorders is what it was told to, and a stream loses nothing.
import { describe, expect, it } from "vitest";
import { type Conditions, PERFECT, PRESETS } from "../../src/netsim/conditions.js";
import { Link, type LinkMode } from "../../src/netsim/link.js";
import { Random } from "../../src/netsim/random.js";

/** Sends numbered datagrams of `bytes` bytes every `everyMs`; answers when each arrived, by number, in order of arrival. */
function run(
  mode: LinkMode,
  conditions: Partial<Conditions>,
  options: { count?: number; everyMs?: number; bytes?: number } = {},
) {
  const { count = 20_000, everyMs = 16, bytes = 20 } = options;
  const link = new Link(new Random(1), mode);
  link.conditions = { ...PERFECT, ...conditions };
  const arrivals: { number: number; at: number; travelled: number }[] = [];
  for (let now = 0; now < count * everyMs + 20_000; now++) {
    if (now % everyMs === 0 && now / everyMs < count) {
      const datagram = new Uint8Array(bytes);
      new DataView(datagram.buffer).setUint32(0, now / everyMs);
      link.send(datagram, now);
      datagram.fill(255); // the sender may use its buffer again at once
    }
    link.deliver(now, (received) => {
      const number = new DataView(received.buffer).getUint32(0);
      arrivals.push({ number, at: now, travelled: now - number * everyMs });
    });
  }
  return { link, arrivals, count };
}

const spread = (values: number[]) => ({ least: Math.min(...values), most: Math.max(...values) });

describe("a datagram link", () => {
  it("delays by its delay and jitter", () => {
    const { arrivals, count } = run("datagram", { delayMs: 40, jitterMs: 20 });
    const { least, most } = spread(arrivals.map(({ travelled }) => travelled));
    expect(arrivals.length).toBe(count);
    expect(least).toBeGreaterThanOrEqual(40);
    expect(least).toBeLessThan(42);
    expect(most).toBeLessThanOrEqual(60);
    expect(most).toBeGreaterThan(58);
  });

  it.each([1, 4])("loses its share, in bursts of %d on average", (burst) => {
    const { arrivals, link, count } = run("datagram", { loss: 0.1, burst });
    expect(link.counts.lost / count).toBeCloseTo(0.1, 1);
    expect(arrivals.length).toBe(count - link.counts.lost);
    const got = new Set(arrivals.map(({ number }) => number));
    let bursts = 0;
    for (let i = 1; i < count; i++) if (!got.has(i) && got.has(i - 1)) bursts += 1;
    const length = link.counts.lost / bursts;
    expect(length).toBeGreaterThan(0.85 * (burst === 1 ? 1 / 0.9 : burst));
    expect(length).toBeLessThan(1.15 * (burst === 1 ? 1 / 0.9 : burst));
  });

  it("loses much of a burst and little outside of it, and its share in all, where Gilbert and Elliott say so", () => {
    const sky = { loss: 0.1, burst: 40, burstLoss: 0.6, strayLoss: 0.02 };
    const { arrivals, link, count } = run("datagram", sky, { count: 60_000, everyMs: 2 });
    expect(link.counts.lost / count).toBeGreaterThan(0.085);
    expect(link.counts.lost / count).toBeLessThan(0.12);
    const got = new Set(arrivals.map(({ number }) => number));
    // Windows as long as half a burst: those inside of one lose some twelve of twenty, the others hardly any.
    const losses = Array.from({ length: count / 20 }, (_, window) => {
      return Array.from({ length: 20 }, (_, i) => got.has(20 * window + i)).filter((came) => !came).length;
    });
    const heavy = losses.filter((lost) => lost >= 8 && lost < 20).length;
    const calm = losses.filter((lost) => lost <= 2).length;
    expect(heavy / losses.length).toBeGreaterThan(0.08);
    expect(calm / losses.length).toBeGreaterThan(0.7);
  });

  it("doubles and reorders its share", () => {
    const { arrivals, link, count } = run("datagram", { duplicate: 0.05, reorder: 0.1, delayMs: 10 });
    expect(arrivals.length).toBe(count + link.counts.doubled);
    expect(link.counts.doubled / count).toBeCloseTo(0.05, 1);
    let overtaken = 0;
    for (let i = 1; i < arrivals.length; i++) if (arrivals[i]!.number < arrivals[i - 1]!.number) overtaken += 1;
    expect(overtaken).toBeGreaterThan(0.05 * count);
  });

  it("carries no more than its bandwidth, and drops what does not fit the queue", () => {
    const { arrivals, link } = run("datagram", { bytesPerSecond: 5000 }, { bytes: 100, everyMs: 10, count: 1000 });
    const seconds = (arrivals.at(-1)!.at - arrivals[0]!.at) / 1000;
    expect((100 * arrivals.length) / seconds).toBeLessThan(5200);
    expect(link.counts.lost).toBeGreaterThan(400);
    expect(spread(arrivals.map(({ travelled }) => travelled)).most).toBeLessThan(300);
  });

  it("loses everything while it is cut", () => {
    const link = new Link(new Random(1), "datagram");
    link.cut = true;
    link.send(new Uint8Array(4), 0);
    link.cut = false;
    expect(link.nextAt).toBe(Infinity);
  });
});

describe("a stream link", () => {
  it("loses, doubles and reorders nothing: a loss is a stall for it and for all behind it", () => {
    const { arrivals, link, count } = run("stream", {
      delayMs: 40,
      jitterMs: 30,
      loss: 0.1,
      duplicate: 0.2,
      reorder: 0.2,
    });
    expect(arrivals.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(link.counts.retransmitted).toBeGreaterThan(0.08 * count);
    expect(spread(arrivals.map(({ travelled }) => travelled)).most).toBeGreaterThan(300);
  });

  it("waits while it is cut, and goes on after", () => {
    const link = new Link(new Random(1), "stream");
    const got: number[] = [];
    link.cut = true;
    link.send(Uint8Array.of(1), 0);
    link.deliver(1000, (bytes) => got.push(bytes[0]!));
    expect(got).toEqual([]);
    link.cut = false;
    link.deliver(1001, (bytes) => got.push(bytes[0]!));
    expect(got).toEqual([1]);
  });
});

it("a link of the same seed does the same, every preset is a network, and another seed differs", () => {
  for (const conditions of Object.values(PRESETS)) {
    const times = [1, 1, 2].map((seed) => {
      const link = new Link(new Random(seed), "datagram");
      link.conditions = conditions;
      const at: number[] = [];
      for (let now = 0; now < 3000; now++) {
        if (now % 16 === 0) link.send(Uint8Array.of(1), now);
        link.deliver(now, () => at.push(now));
      }
      return at.join();
    });
    expect(times[0]).toBe(times[1]);
    if (conditions.jitterMs > 1) expect(times[0]).not.toBe(times[2]);
  }
});
