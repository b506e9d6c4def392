// Laws of the layout: where scratch and slots lie, and what configure refuses.
import { describe, expect, it } from "vitest";
import { bytesOf, instantiateCore } from "./instance.js";

const PAGE = 65536;

describe("ring", () => {
  it("imports nothing and exports what index.ts lists", () => {
    expect(Object.keys(instantiateCore()).sort()).toEqual(
      "configure deltaBound deltaDecode deltaEncode hash leaves memory root scratch slot".split(" "),
    );
  });

  it.each([
    [1, 1, 0],
    [64, 3, 64],
    [4160, 12, 65],
    [100_001, 10, 1_000_000],
    [0, 5, 5],
  ])(
    "slots of %i bytes x %i and %i of scratch do not overlap, are 64-aligned, and fit",
    (slotBytes, slots, scratch) => {
      const core = instantiateCore();
      expect(core.configure(slotBytes, slots, scratch)).toBe(1);
      const stride = Math.ceil(slotBytes / 64) * 64;
      expect(core.scratch() % 64).toBe(0);
      expect(core.slot(0)).toBe(core.scratch() + Math.ceil(scratch / 64) * 64);
      for (let i = 0; i < slots; i++) expect(core.slot(i)).toBe(core.slot(0) + i * stride);
      expect(core.slot(slots)).toBeLessThanOrEqual(core.memory.buffer.byteLength);
      // No page more than needed.
      expect(core.memory.buffer.byteLength).toBeLessThan(Math.max(core.slot(slots), 1) + PAGE);
    },
  );

  it("writing every byte of scratch and slots leaves hash and delta as they were", () => {
    const core = instantiateCore();
    core.configure(1000, 4, 5000);
    const state = core.slot(0);
    const run = () => {
      const bytes = bytesOf(core);
      for (let i = 0; i < 1000; i++) bytes[state + i] = i * 7;
      core.hash(state, 1000, core.slot(3));
      const length = core.deltaEncode(core.slot(1), state, 1000, core.scratch());
      return [bytes.slice(core.slot(3), core.slot(3) + 8), bytes.slice(core.scratch(), core.scratch() + length)];
    };
    const before = run();
    bytesOf(core).fill(0xff, core.scratch(), core.slot(4));
    bytesOf(core).fill(0, core.slot(1), core.slot(2));
    expect(run()).toEqual(before);
  });

  it("refuses negative sizes and layouts above 2 GiB, and keeps the former layout", () => {
    const core = instantiateCore();
    expect(core.configure(1000, 2, 100)).toBe(1);
    const layout = [core.scratch(), core.slot(0), core.slot(1), core.memory.buffer.byteLength];
    const max = 2 ** 31 - 1;
    for (const [slotBytes, slots, scratch] of [
      [-1, 1, 1],
      [1, -1, 1],
      [1, 1, -1],
      [1, max, 0],
      [max, 1, 0],
      [max, max, max],
      [0, 0, max],
      [1 << 16, 1 << 15, 0],
    ] as const) {
      expect(core.configure(slotBytes, slots, scratch)).toBe(0);
    }
    expect([core.scratch(), core.slot(0), core.slot(1), core.memory.buffer.byteLength]).toEqual(layout);
  });

  it("may be configured again, larger and smaller", () => {
    const core = instantiateCore();
    expect(core.configure(100, 1, 0)).toBe(1);
    expect(core.configure(1 << 20, 8, 1 << 16)).toBe(1);
    const grown = core.memory.buffer.byteLength;
    expect(grown).toBeGreaterThan(8 << 20);
    expect(core.configure(128, 2, 64)).toBe(1);
    expect(core.slot(1) - core.slot(0)).toBe(128);
    expect(core.memory.buffer.byteLength).toBe(grown);
  });
});
