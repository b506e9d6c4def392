// The message table: golden bytes, refusal of everything else, and a bound on what a stranger can make us allocate.
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { DATAGRAM_BYTES_MAX, Writer } from "../../src/wire/bytes.js";
import { Decoder, encode, MESSAGES, type Message, type MessageType } from "../../src/wire/messages.js";
import { SAMPLES } from "./samples.js";

const GOLDEN = "fixtures/wire/messages.json";

function bytesOf(message: Message): Uint8Array {
  const writer = new Writer();
  writer.open(new Uint8Array(DATAGRAM_BYTES_MAX));
  encode(writer, message.type as MessageType, message.body as never);
  expect(writer.full).toBe(false);
  return writer.bytes.slice(0, writer.at);
}

/** A message without what is not part of it: list items beyond the count, and where a window lies in its datagram. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (value === null || typeof value !== "object") return value;
  if ("items" in value && "count" in value) {
    return (value.items as unknown[]).slice(0, value.count as number).map(plain);
  }
  if ("begin" in value && "end" in value && "bytes" in value) {
    return plain((value.bytes as Uint8Array).slice(value.begin as number, value.end as number));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

describe("the message table", () => {
  it("has the golden bytes", async () => {
    const actual = SAMPLES.map((message) => ({
      type: message.type,
      body: plain(message.body),
      hex: Buffer.from(bytesOf(message)).toString("hex"),
    }));
    if (process.env.UPDATE === "wire" && !process.env.CI) {
      await writeFile(GOLDEN, `${JSON.stringify(actual, undefined, 2)}\n`);
    }
    const golden: unknown = JSON.parse(await readFile(GOLDEN, "utf8"));
    expect(actual).toEqual(golden);
  });

  it("has a sample of every type", () => {
    expect(new Set(SAMPLES.map((message) => message.type))).toEqual(new Set(Object.keys(MESSAGES)));
  });

  it("decodes what it encoded", () => {
    const decoder = new Decoder();
    for (const message of SAMPLES) {
      const decoded = decoder.decode(bytesOf(message));
      expect(decoded?.type).toBe(message.type);
      expect(plain(decoded?.body)).toEqual(plain(message.body));
    }
  });

  it("refuses every truncation, every addition and every unknown code", () => {
    const decoder = new Decoder();
    for (const message of SAMPLES) {
      const bytes = bytesOf(message);
      for (let length = 0; length < bytes.length; length++) {
        expect(decoder.decode(bytes.subarray(0, length)), `${message.type} cut to ${length}`).toBeUndefined();
      }
      expect(decoder.decode(Uint8Array.of(...bytes, 0))).toBeUndefined();
    }
    for (let code = 0; code < 256; code++) {
      const known = Object.values(MESSAGES).some((row) => row.code === code);
      if (!known) expect(decoder.decode(Uint8Array.of(code, 0, 0, 0))).toBeUndefined();
    }
  });

  it("refuses an escaped number that fits the short spelling, and an empty section", () => {
    const decoder = new Decoder();
    const read = (hex: string) => decoder.decode(Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
    expect(read("07 00 a404 34 01 05 00")).toBeDefined(); // base 4, count 3, one byte of bits, nothing received
    expect(read("07 00 a404 3f 04 01 05 00")).toBeUndefined(); // base 4, escaped
    expect(read("07 00 a404 3f 0f 01 05 00")).toBeDefined(); // base 15, escaped
    expect(read("07 00 a404 f4 03 01 05 00")).toBeUndefined(); // count 3, escaped
    expect(read("07 00 a404 f4 40 01 05 00")).toBeDefined(); // count 64
    expect(read("07 00 a404 f4 41 01 05 00")).toBeUndefined(); // count 65
    expect(read("07 80 a404 34 01 05 00 00")).toBeUndefined(); // a chain of no values
    expect(read("08 80 a604 02 00 00 00")).toBeUndefined(); // a roster of no entries
    expect(read("08 00 a604 02 00")).toBeDefined();
  });

  it("refuses a value outside its bounds", () => {
    const decoder = new Decoder();
    const lacking = bytesOf({ type: "lacking", body: { kind: 0, serial: 0, seat: 15, first: 0, mask: 1 } });
    expect(decoder.decode(lacking)).toBeDefined();
    lacking[3] = 17; // 16 is the authority
    expect(decoder.decode(lacking)).toBeUndefined();
  });

  it("refuses a number that is spelled longer than needed", () => {
    const decoder = new Decoder();
    expect(decoder.decode(Uint8Array.of(10, 0x80, 0x00, 0x01))).toBeUndefined();
    expect(decoder.decode(Uint8Array.of(10, 0x00, 0x01))).toBeDefined();
  });

  // What a decoder may keep: one record of each type with full lists, so some tens of kilobytes however much it reads.
  it("takes a million random and mutated buffers without a throw, and without keeping more than 4 MiB", () => {
    const decoder = new Decoder();
    const random = new Random(20);
    const seeds = SAMPLES.map(bytesOf);
    const buffer = new Uint8Array(DATAGRAM_BYTES_MAX + 64);
    let accepted = 0;
    const collect = globalThis.gc!;
    collect();
    const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1_000_000; i++) {
      const seed = seeds[random.below(seeds.length)]!;
      let length = random.chance(0.2) ? random.below(40) : seed.length;
      if (length === seed.length) buffer.set(seed);
      else for (let at = 0; at < length; at++) buffer[at] = random.u32();
      for (let flips = random.below(4); flips > 0; flips--) buffer[random.below(length)] = random.u32();
      if (random.chance(0.1)) length = random.below(length + 8);
      if (decoder.decode(buffer.subarray(0, length)) !== undefined) accepted += 1;
    }
    collect();
    const kept = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before;
    expect(accepted).toBeGreaterThan(10_000);
    expect(accepted).toBeLessThan(990_000);
    expect(kept).toBeLessThan(4e6);
  });
});
