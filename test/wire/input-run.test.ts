// Runs of inputs: exact for every kind of change, small where little changes, and deaf to nonsense.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { RunReader, RunWriter } from "../../src/wire/input-run.js";

function write(base: Uint8Array, frames: Uint8Array[], room = 65_536): RunWriter {
  const writer = new RunWriter(room);
  writer.begin(base, 0, base.length);
  for (const frame of frames) if (!writer.put(frame, 0, frame.length)) break;
  return writer;
}

function read(base: Uint8Array, bits: Uint8Array, count: number, most = 4096): Uint8Array[] | undefined {
  const reader = new RunReader();
  reader.open({ bytes: bits, begin: 0, end: bits.length }, count, most);
  reader.base(base, 0, base.length);
  const frames: Uint8Array[] = [];
  while (reader.next()) frames.push(reader.bytes.slice(0, reader.length));
  return reader.finished && frames.length === count ? frames : undefined;
}

const NONE = new Uint8Array(0);

describe("runs of inputs", () => {
  it("come back as they were, whatever changes", () => {
    const random = new Random(1);
    for (let round = 0; round < 3000; round++) {
      const make = (): Uint8Array =>
        Uint8Array.from({ length: random.below(random.chance(0.1) ? 300 : 9) }, () => random.u32());
      const base = make();
      const frames: Uint8Array[] = [];
      let last = base;
      for (let i = random.below(40); i > 0; i--) {
        if (random.chance(0.3)) last = make();
        else if (random.chance(0.5) && last.length > 0) {
          last = last.slice();
          last[random.below(last.length)]! ^= 1 << random.below(8);
        }
        frames.push(last);
      }
      const writer = write(base, frames);
      expect(writer.count).toBe(frames.length);
      expect(read(base, writer.bytes.slice(0, writer.length), frames.length)).toEqual(frames);
    }
  });

  it("cost one bit for a frame that changes nothing", () => {
    const held = Uint8Array.of(5, 0);
    expect(
      write(
        held,
        Array.from({ length: 16 }, () => held),
      ).length,
    ).toBe(2);
  });

  it("cost seven bits for one button of sixteen", () => {
    expect(write(Uint8Array.of(0, 0), [Uint8Array.of(0, 2)]).length).toBe(1);
    // 0: toggles kind (1, 0), index 9 in four bits, no further toggle.
    expect(write(Uint8Array.of(0, 0), [Uint8Array.of(0, 2)]).bytes[0]).toBe(0b0_1001_01);
  });

  it("stop before the frame that does not fit, and stay readable", () => {
    const random = new Random(3);
    const frames = Array.from({ length: 40 }, () => Uint8Array.from({ length: 32 }, () => random.u32()));
    const writer = write(NONE, frames, 300);
    expect(writer.count).toBeGreaterThan(4);
    expect(writer.count).toBeLessThan(40);
    expect(read(NONE, writer.bytes.slice(0, writer.length), writer.count)).toEqual(frames.slice(0, writer.count));
  });

  it("refuse an input longer than the game's, an index outside it, and bits that end too early", () => {
    const long = write(NONE, [new Uint8Array(9)]);
    expect(read(NONE, long.bytes.slice(0, long.length), 1, 8)).toBeUndefined();
    expect(read(Uint8Array.of(0, 0, 0), Uint8Array.of(0b1_1111_01), 1)).toBeUndefined(); // toggle 31 of 24
    expect(read(NONE, Uint8Array.of(0b01), 1)).toBeUndefined(); // toggles of nothing
    expect(read(NONE, NONE, 1)).toBeUndefined();
    expect(read(NONE, Uint8Array.of(0, 0), 1)).toBeUndefined(); // a whole byte left over
  });

  it("never throw and never outgrow the longest input on random bits", () => {
    const random = new Random(4);
    const reader = new RunReader();
    for (let round = 0; round < 200_000; round++) {
      const bits = Uint8Array.from({ length: random.below(30) }, () => random.u32());
      reader.open({ bytes: bits, begin: 0, end: bits.length }, random.below(65), 8);
      reader.base(bits, 0, Math.min(8, bits.length));
      while (reader.next()) if (reader.length > 8) throw new Error("longer than the game's inputs");
    }
  });
});
