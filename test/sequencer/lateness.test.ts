// How long inputs are on their way, as estimated: the deadlines of the others hang on it.
import { describe, expect, it } from "vitest";
import { LATENESS_STEPS, Lateness } from "../../src/sequencer/timing/lateness.js";

/** Inputs of [begin, end) come, each so many frames after it was sampled. */
function come(lateness: Lateness, begin: number, end: number, frames: number): void {
  for (let frame = begin; frame < end; frame++) {
    lateness.note(LATENESS_STEPS * (frame + frames), LATENESS_STEPS * frame);
  }
}

describe("the estimate of how late inputs come", () => {
  it("knows a steady path exactly from the first input on", () => {
    const lateness = new Lateness();
    come(lateness, 0, 1, 2);
    expect([lateness.frames, lateness.jitterFrames]).toEqual([2, 0]);
  });

  it("follows a path that has become slower within a second or two", () => {
    const lateness = new Lateness();
    come(lateness, 0, 60, 2);
    come(lateness, 60, 180, 5);
    expect(lateness.frames).toBeGreaterThan(4.7);
    expect(lateness.frames).toBeLessThan(5.3);
  });

  it("learns nothing from inputs that an outage held up, however many they are", () => {
    const lateness = new Lateness();
    come(lateness, 0, 60, 2);
    const before = [lateness.frames, lateness.jitterFrames];
    // A silence of sixty frames; then all that was sampled in it, at once.
    for (let frame = 60; frame < 120; frame++) lateness.note(LATENESS_STEPS * 122, LATENESS_STEPS * frame);
    expect([lateness.frames, lateness.jitterFrames]).toEqual(before);
    come(lateness, 122, 200, 2);
    expect(lateness.frames).toBeCloseTo(before[0]!, 0);
    expect(lateness.jitterFrames).toBeLessThan(0.5);
  });

  it("learns nothing from who is behind after an outage, until an input of his comes in time", () => {
    const lateness = new Lateness();
    come(lateness, 0, 60, 2);
    const before = [lateness.frames, lateness.jitterFrames];
    come(lateness, 100, 140, 6);
    expect([lateness.frames, lateness.jitterFrames]).toEqual(before);
    come(lateness, 140, 141, 2);
    come(lateness, 141, 200, 5);
    expect(lateness.frames).toBeGreaterThan(4);
  });

  it("follows a path that is slower after an outage, a few seconds later", () => {
    const lateness = new Lateness();
    come(lateness, 0, 60, 2);
    come(lateness, 100, 400, 5);
    expect(lateness.frames).toBeGreaterThan(4.7);
  });
});
