// Presence in runs: a seat that is replaced or absent says so once, and whoever is always here pays nothing for it.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { RunReader, RunWriter } from "../../src/wire/input-run.js";

interface Frame {
  bytes: Uint8Array;
  presence: number;
}

function write(frames: Frame[], room = 4096): RunWriter {
  const writer = new RunWriter(room);
  writer.begin(new Uint8Array(0), 0, 0);
  for (const { bytes, presence } of frames) if (!writer.put(bytes, 0, bytes.length, presence)) break;
  return writer;
}

function read(bits: Uint8Array, count: number): Frame[] | undefined {
  const reader = new RunReader();
  reader.open({ bytes: bits, begin: 0, end: bits.length }, count, 64);
  reader.base(new Uint8Array(0), 0, 0);
  const frames: Frame[] = [];
  while (reader.next()) frames.push({ bytes: reader.bytes.slice(0, reader.length), presence: reader.presence });
  return reader.finished && frames.length === count ? frames : undefined;
}

const held = Uint8Array.of(5, 1);

describe("presence in a run", () => {
  it("comes back as it was, whatever else changes", () => {
    const random = new Random(11);
    for (let round = 0; round < 200; round++) {
      let frame: Frame = { bytes: held, presence: 1 };
      const frames: Frame[] = [];
      for (let i = 0; i < 40; i++) {
        if (random.chance(0.2)) frame = { ...frame, presence: random.below(3) };
        if (random.chance(0.2))
          frame = { ...frame, bytes: Uint8Array.from({ length: random.below(9) }, () => random.u32()) };
        frames.push(frame);
      }
      const writer = write(frames);
      expect(read(writer.bytes.slice(0, writer.length), frames.length)).toEqual(frames);
    }
  });

  it("costs two bytes where it changes, and nothing where it does not", () => {
    const here = Array.from({ length: 33 }, () => ({ bytes: held, presence: 1 }));
    const replaced = here.map((frame, i) => (i < 17 ? frame : { ...frame, presence: 2 }));
    expect(write(replaced).length).toBe(write(here).length + 2);
  });

  it("leaves the run as it was when its frame does not fit", () => {
    for (let room = 1; room < 24; room++) {
      const frames = [0, 1, 2, 3].map((i) => ({ bytes: Uint8Array.of(i, 7 * i, 255 - i), presence: i % 3 }));
      const writer = write(frames, room);
      expect(read(writer.bytes.slice(0, writer.length), writer.count)).toEqual(frames.slice(0, writer.count));
    }
  });

  it("is refused when it says what is so already, what nobody knows, or two things at once", () => {
    const turn = (presence: number): number => 0b111 | ((8189 + presence) << 3);
    const spell = (...words: number[]): Uint8Array => Uint8Array.from(words.flatMap((word) => [word & 255, word >> 8]));
    expect(read(Uint8Array.of(...spell(turn(2)), 0), 1)).toEqual([{ bytes: new Uint8Array(0), presence: 2 }]);
    expect(read(Uint8Array.of(...spell(turn(1)), 0), 1)).toBeUndefined();
    expect(read(Uint8Array.of(...spell(turn(2), turn(0)), 0), 1)).toBeUndefined();
  });
});
