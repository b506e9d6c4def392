// The frame clock: set at the start, then corrected by at most one percent; it neither runs fast after a wait nor fights the window.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { type ClockSample, FrameClock } from "../../src/session/clock.js";

const FRAME_MS = 1000 / 60;

/** In frames and ms. */
function told(clock: number, shift: number, roundTripMs: number): ClockSample {
  return { clock256: 256 * clock, shift256: 256 * shift, roundTripMs };
}

function advanced(clock: FrameClock, now: number, end: number): number {
  clock.advance(now, end);
  return clock.position;
}

describe("the frame clock", () => {
  it("stands where the sequencer stands after the first sample, however far away it was", () => {
    const clock = new FrameClock(FRAME_MS);
    clock.sample(told(500, 0, 60), 1_000_000);
    expect(advanced(clock, 1_000_000, Infinity)).toBeCloseTo(500 + 30 / FRAME_MS, 5);
  });

  it("never changes its speed by more than one percent", () => {
    const clock = new FrameClock(FRAME_MS);
    const random = new Random(1);
    clock.sample(told(0, 0, 40), 0);
    let before = advanced(clock, 0, Infinity);
    for (let now = 4; now < 20_000; now += 4) {
      if (now % 16 === 0) clock.sample(told(now / FRAME_MS + 1.5, 0, 40 + random.below(30)), now);
      const position = advanced(clock, now, Infinity);
      const rate = (position - before) / (4 / FRAME_MS);
      expect(rate).toBeGreaterThan(0.9899);
      expect(rate).toBeLessThan(1.0101);
      before = position;
    }
    expect(before - 20_000 / FRAME_MS).toBeCloseTo(1.5 + 20 / FRAME_MS, 0);
  });

  it("holds when it is far ahead, and jumps when it is far behind", () => {
    const clock = new FrameClock(FRAME_MS);
    clock.sample(told(100, 0, 0), 0);
    expect(advanced(clock, 1000, Infinity)).toBeCloseTo(160, 5);
    clock.sample(told(150, 10, 0), 1000); // the sequencer had to wait ten frames
    expect(advanced(clock, 1050, Infinity)).toBeCloseTo(160, 5);
    const late = new FrameClock(FRAME_MS);
    late.sample(told(100, 0, 0), 0);
    late.advance(0, 50);
    expect(advanced(late, 100, Infinity)).toBeCloseTo(106, 5);
  });

  it("does not pass the window", () => {
    const clock = new FrameClock(FRAME_MS);
    clock.sample(told(0, 0, 0), 0);
    expect(advanced(clock, 1000, 12)).toBe(12);
  });

  it("forgets the sample of a better path after four seconds", () => {
    const clock = new FrameClock(FRAME_MS);
    clock.sample(told(0, 0, 10), 0);
    for (let now = 100; now <= 6000; now += 100) clock.sample(told(now / FRAME_MS - 3, 0, 100), now);
    // Half a round trip of 100 ms is three frames: the old sample would say 0.3 frames ahead, the new ones none.
    expect(clock.target(6000) - 6000 / FRAME_MS).toBeCloseTo(0, 5);
  });
});
