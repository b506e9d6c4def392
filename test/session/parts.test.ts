// Parts of long inputs: put together in any order, first wins, and nothing that a stranger sends takes more memory.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { FinalInputs } from "../../src/session/inputs/final-inputs.js";
import { PartsIn } from "../../src/session/inputs/parts-in.js";
import { PARTS_AT_ONCE, type PartsAddress, PartsOut } from "../../src/session/inputs/parts-out.js";
import { CELL_HEADER_BYTES } from "../../src/simulation/simulation.js";
import { RunReader, RunWriter } from "../../src/wire/input-run.js";
import { INPUT_BYTES_MAX, inlineBytesMax, LONG_INPUTS_MAX, PART_BYTES } from "../../src/wire/limits.js";
import { type Body, blank, Decoder } from "../../src/wire/messages.js";
import { Outbox } from "../../src/wire/outbox.js";

const SEATS = 2;
const INLINE = inlineBytesMax(SEATS);

function inputs(): FinalInputs {
  return new FinalInputs({ seats: SEATS, cellBytes: CELL_HEADER_BYTES + INPUT_BYTES_MAX, inputDelay: 0 });
}

function text(length: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.u32());
}

function part(of: Uint8Array, frame: number, index: number, changes: Partial<Body<"part">> = {}): Body<"part"> {
  const begin = index * PART_BYTES;
  const bytes = { bytes: of, begin, end: Math.min(of.length, begin + PART_BYTES) };
  return { ...blank("part"), seat: 0, frame, total: of.length, index, bytes, ...changes };
}

/** A reader that has come to a long input of so many bytes. */
function waiting(length: number): RunReader {
  const writer = new RunWriter(100, INLINE);
  writer.begin(new Uint8Array(0), 0, 0);
  writer.put(new Uint8Array(length), 0, length);
  const reader = new RunReader();
  reader.open({ bytes: writer.bytes, begin: 0, end: writer.length }, 1, INPUT_BYTES_MAX, INLINE);
  expect(reader.next()).toBe(true);
  expect(reader.longLength).toBe(length);
  return reader;
}

/** What is put together at a frame of seat 0, once a run marks it. */
function whole(parts: PartsIn, frame: number, length: number): Uint8Array | undefined {
  const reader = waiting(length);
  return parts.supply(reader, 0, frame) ? reader.bytes.slice(0, reader.length) : undefined;
}

describe("parts that come in", () => {
  it("are put together in any order, and however often they come", () => {
    const parts = new PartsIn(inputs());
    const long = text(INPUT_BYTES_MAX);
    for (const index of [2, 0, 0, 3, 2]) {
      expect(parts.take(0, part(long, 0, index))).toBe(true);
      expect(whole(parts, 0, long.length)).toBeUndefined();
    }
    parts.take(0, part(long, 0, 1));
    expect(whole(parts, 0, long.length)).toEqual(long);
  });

  it("count at once where the run that marks them has overtaken them, and not before", () => {
    const parts = new PartsIn(inputs());
    const long = text(PART_BYTES + 1);
    parts.take(0, part(long, 0, 0));
    parts.take(0, part(long, 0, 1));
    expect(parts.overtaken(0)).toBeUndefined(); // no run has marked them yet
    const other = text(PART_BYTES + 2, 2);
    const late = new PartsIn(inputs());
    expect(whole(late, 0, other.length)).toBeUndefined();
    late.take(0, part(long, 0, 0));
    late.take(0, part(long, 0, 1));
    expect(late.overtaken(0)).toBeUndefined(); // it marked another one
    expect(whole(late, 0, other.length)).toBeUndefined();
    late.take(0, part(other, 0, 1));
    expect(late.overtaken(0)).toBeUndefined();
    late.take(0, part(other, 0, 0));
    expect(late.overtaken(0)?.bytes.subarray(0, other.length)).toEqual(other);
  });

  it("that contradict an earlier one are refused: the first wins", () => {
    const parts = new PartsIn(inputs());
    const long = text(1500);
    parts.take(0, part(long, 0, 0));
    expect(parts.take(0, part(text(1500, 2), 0, 0))).toBe(false);
    expect(parts.take(0, part(text(1600), 0, 1))).toBe(false);
    parts.take(0, part(long, 0, 1));
    expect(whole(parts, 0, 1500)).toEqual(long);
  });

  it("of another length than the run marks are given up, and may come again", () => {
    const parts = new PartsIn(inputs());
    const long = text(1500);
    parts.take(0, part(text(1600, 2), 0, 0));
    expect(parts.take(0, part(long, 0, 0))).toBe(false);
    expect(whole(parts, 0, 1500)).toBeUndefined();
    for (const index of [0, 1]) expect(parts.take(0, part(long, 0, index))).toBe(true);
    expect(whole(parts, 0, 1500)).toEqual(long);
  });

  it("of another generation begin anew", () => {
    const parts = new PartsIn(inputs());
    parts.take(0, part(text(1500, 2), 0, 0, { generation: 1 }));
    for (const index of [0, 1]) parts.take(0, part(text(1500), 0, index, { generation: 2 }));
    expect(whole(parts, 0, 1500)).toEqual(text(1500));
  });

  it("that no run of the match would mark are refused", () => {
    const parts = new PartsIn(inputs());
    const long = text(1500);
    expect(parts.take(0, part(long, LONG_INPUTS_MAX, 0))).toBe(false); // too far ahead
    const nothing = { bytes: long, begin: 0, end: 0 };
    expect(parts.take(0, part(text(2048), 0, 2, { bytes: nothing }))).toBe(false); // behind the end
    expect(parts.take(0, part(long, 0, 0, { total: 1000 }))).toBe(false); // more bytes than there are
    expect(parts.take(0, part(text(INLINE), 0, 0))).toBe(false); // short enough for a run
    expect(parts.take(0, part(long, 0, 1, { bytes: { bytes: long, begin: 0, end: 3 } }))).toBe(false); // too short
    expect(parts.take(0, part(long, 0xffff, 0))).toBe(false); // behind the 16 bits of frame -1
  });

  it("of a frame that is final change nothing", () => {
    const held = inputs();
    const parts = new PartsIn(held);
    const long = text(1500);
    held.push(0, long, 0, 1500);
    expect(parts.take(0, part(text(1500, 2), 0, 0))).toBe(true);
    expect(whole(parts, 0, 1500)).toEqual(long);
    expect(whole(parts, 0, 1400)).toBeUndefined(); // a run that lies about what is final
  });

  it("never throw and never supply what no run marks, whatever they say", () => {
    const random = new Random(5);
    const parts = new PartsIn(inputs());
    for (let round = 0; round < 20_000; round++) {
      const total = random.below(INPUT_BYTES_MAX + 1);
      const bytes = { bytes: text(8), begin: 0, end: random.below(9) };
      const frame = random.below(20);
      parts.take(0, { generation: random.below(2), seat: 0, frame, total, index: random.below(4), bytes });
      const reader = waiting(INLINE + 1 + random.below(9));
      if (parts.supply(reader, 0, random.below(20))) expect(reader.length).toBe(reader.longLength);
    }
  });
});

describe("parts that go out", () => {
  function sender(lengths: number[]): {
    send: (now: number, changes?: Partial<PartsAddress>) => number[][];
    out: PartsOut;
  } {
    const held = inputs();
    const out = new PartsOut();
    const writer = new RunWriter(1000, INLINE);
    writer.begin(new Uint8Array(0), 0, 0);
    for (const [frame, length] of lengths.entries()) {
      const input = text(length, frame + 1);
      held.push(0, input, 0, length);
      writer.put(input, 0, length);
    }
    out.wrote(0, writer);
    const outbox = new Outbox();
    const decoder = new Decoder();
    const send = (now: number, changes: Partial<PartsAddress> = {}): number[][] => {
      const address = { outbox, to: 0, generation: 0, copies: 1, patienceMs: 100, most: PARTS_AT_ONCE, ...changes };
      out.post(held, 0, 0, address, now);
      const sent: number[][] = [];
      outbox.drain((_, bytes) => {
        const message = decoder.decode(bytes)!;
        if (message.type === "part") sent.push([message.body.frame, message.body.index]);
      });
      return sent;
    };
    return { send, out };
  }

  it("go once, and again when no acknowledgement has come for long", () => {
    const { send } = sender([10, 2500, 20]);
    const all = [
      [1, 0],
      [1, 1],
      [1, 2],
    ];
    expect(send(0)).toEqual(all);
    for (const now of [20, 60, 99]) expect(send(now)).toEqual([]);
    expect(send(100)).toEqual(all);
  });

  it("go as often as loss demands, apart in time; where much is lost, twice at once", () => {
    const counts = (copies: number): number[] => {
      const { send } = sender([1000]);
      return [0, 2, 16, 32, 48].map((now) => send(now, { copies }).length);
    };
    expect(counts(1)).toEqual([1, 0, 0, 0, 0]);
    expect(counts(2)).toEqual([1, 0, 1, 0, 0]);
    expect(counts(4)).toEqual([2, 0, 1, 1, 0]);
  });

  it("go a few at a time, the oldest first, and none is left out", () => {
    const { send } = sender([4096, 4096, 4096]);
    const first = send(0);
    expect(first.length).toBe(PARTS_AT_ONCE);
    expect(first.at(-1)).toEqual([1, 3]);
    expect(send(16, { most: 3 })).toEqual([
      [2, 0],
      [2, 1],
      [2, 2],
    ]);
    expect(send(32)).toEqual([[2, 3]]);
    expect(send(48)).toEqual([]);
  });

  it("keep runs from beginning behind an input that may be lacking", () => {
    const { out } = sender([10, 2500, 20, 2500, 20]);
    expect(out.first(0, 4)).toBe(1);
    expect(out.first(2, 4)).toBe(3);
    expect(out.first(4, 4)).toBe(4);
    expect(out.first(0, 0)).toBe(0);
  });
});
