// The frame clock: set at the start, then corrected by at most one percent; it neither runs fast after a wait nor fights the window.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { type ClockSample, FrameClock } from "../../src/session/clock/clock.js";
import { turned } from "../../src/session/clock/clock-state.js";

const FRAME_MS = 1000 / 60;

/** In frames and ms. */
function told(clock: number, shift: number, roundTripMs: number): ClockSample {
  return { clock256: 256 * clock, shift256: 256 * shift, roundTripMs };
}

function advanced(clock: FrameClock, now: number, end: number): number {
  clock.advance(now, end, Math.floor(clock.position) + 1);
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
    late.advance(0, 50, 50);
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

describe("the state of the clock", () => {
  const STATES = ["probing", "running", "clamped", "catchingUp", "asleep"] as const;
  const EVENTS = ["set", "held", "free", "behind", "level", "gap"] as const;

  it("is what the drawing shows: every arrow, and no other", () => {
    const arrows = STATES.flatMap((state) =>
      EVENTS.flatMap((event) => (turned(state, event) === state ? [] : [`${state} ${event} ${turned(state, event)}`])),
    );
    expect(arrows).toEqual([
      "probing set running",
      "running held clamped",
      "running behind catchingUp",
      "running gap asleep",
      "clamped free running",
      "clamped behind catchingUp",
      "clamped gap asleep",
      "catchingUp level running",
      "catchingUp gap asleep",
      "asleep level running",
    ]);
  });

  // So the clock asks the table only for what has not just happened.
  it("is not changed by the same event again", () => {
    for (const state of STATES)
      for (const event of EVENTS) expect(turned(turned(state, event), event)).toBe(turned(state, event));
  });

  /** Lives until `end`, plays at most eight frames each time, and writes down what the clock was doing. */
  function live(clock: FrameClock, begin: number, end: number, playedEnd: number, windowEnd = Infinity): string[] {
    const states: string[] = [];
    let frame = playedEnd;
    for (let now = begin; now < end; now += 16) {
      const present = clock.advance(now, windowEnd, frame);
      frame = Math.max(frame, Math.min(present + 1, frame + 8));
      if (states.at(-1) !== clock.state) states.push(clock.state);
    }
    return states;
  }

  function running(): FrameClock {
    const clock = new FrameClock(FRAME_MS);
    expect(clock.state).toBe("probing");
    clock.sample(told(0, 0, 0), 0);
    return clock;
  }

  it("is running while frames are played as they fall due, however seldom it is asked", () => {
    const clock = running();
    expect(live(clock, 0, 1000, 0)).toEqual(["running"]);
    let frame = Math.floor(clock.position) + 1;
    for (let now = 1000; now < 3000; now += 100) {
      frame = clock.advance(now, Infinity, frame) + 1;
      expect(clock.state).toBe("running");
    }
  });

  it("is clamped while the window holds it, and free again after", () => {
    const clock = running();
    expect(live(clock, 0, 500, 0, 12)).toEqual(["running", "clamped"]);
    clock.sample(told(12, 18, 0), 500);
    expect(live(clock, 500, 600, 12, 40)).toEqual(["running"]);
  });

  it("is catching up after a hitch until all that is due was played, and asleep after a gap of more than a second", () => {
    const clock = running();
    live(clock, 0, 320, 0);
    expect(live(clock, 900, 1400, 20)).toEqual(["running", "catchingUp", "running"]);
    const sleeper = running();
    live(sleeper, 0, 320, 0);
    expect(live(sleeper, 3000, 5000, 20)).toEqual(["asleep", "running"]);
  });
});

describe("a frame clock whose sequencer is another one", () => {
  it("stands where it stood, and counts the new one's waits from its first sample on", () => {
    const clock = new FrameClock(10);
    clock.sample(told(100, 50, 20), 0); // the old one had waited for 50 frames in all
    const before = clock.position;
    clock.renew();
    expect(clock.position).toBe(before);
    clock.sample(told(101, 0, 200), 10); // over a worse path, and it has never waited
    expect(clock.target(10)).toBeCloseTo(101 + 10);
  });
});
