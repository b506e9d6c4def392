// Walking through a replay: every input comes back as it was recorded, and a long match takes no more memory than a short one.
import { describe, expect, it } from "vitest";
import { Random } from "../../src/netsim/random.js";
import { crc32 } from "../../src/replay/crc32.js";
import { parseReplay, type Replay } from "../../src/replay/format.js";
import { ReplayRecorder } from "../../src/replay/recorder.js";
import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../../src/simulation/simulation.js";
import { MATCH_DEFAULTS } from "../../src/wire/match-config.js";

const HASH = "0123456789abcdef";
const KIB = 1024;
const MIB = 1024 * KIB;

function recorderOf(players: number, inputBytes: number): ReplayRecorder {
  const rest = { framesPerSecond: 60, predictionWindow: 8, inputDelay: 1, ...MATCH_DEFAULTS, dropAfterMs: 3000 };
  const config = { players, inputBytes, ...rest, seedLow: 1, seedHigh: 2, rules: new Uint8Array(0) };
  return new ReplayRecorder({ gameHash: HASH, schemaHash: HASH, config, cellBytes: CELL_HEADER_BYTES + inputBytes });
}

function read(bytes: Uint8Array): Replay {
  const parsed = parseReplay(bytes);
  if (parsed.kind !== "replay") throw new Error(parsed.why);
  return parsed.replay;
}

/** Writes an input into a seat's cell, the way the final inputs of a match lie there. */
function put(record: Uint8Array, cell: number, input: Uint8Array, cellBytes: number): void {
  record.fill(0, cell, cell + cellBytes);
  record[cell] = PRESENCE_HERE;
  record[cell + 2] = input.length & 255;
  record[cell + 3] = input.length >> 8;
  record.set(input, cell + CELL_HEADER_BYTES);
}

/** With the checksum that fits. */
function sealed(bytes: Uint8Array): Uint8Array {
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, crc32(bytes), true);
  return Uint8Array.of(...bytes, ...checksum);
}

describe("walking through a replay", () => {
  it("gives back every record, byte for byte: inputs of any length, in every block, and seats that left", () => {
    const random = new Random(12);
    const [players, inputBytes, frames] = [3, 300, 1100];
    const cellBytes = CELL_HEADER_BYTES + inputBytes;
    const recorder = recorderOf(players, inputBytes);
    const record = new Uint8Array(players * cellBytes);
    const written: string[] = [];
    for (let frame = 0; frame < frames; frame++) {
      for (let seat = 0; seat < players; seat++) {
        if (seat === 2 && frame >= 700) record.fill(0, seat * cellBytes, (seat + 1) * cellBytes);
        else if (frame === 0 || random.chance(0.3)) {
          const length = random.chance(0.2) ? 0 : random.below(random.chance(0.5) ? 8 : inputBytes + 1);
          put(
            record,
            seat * cellBytes,
            Uint8Array.from({ length }, () => random.below(256)),
            cellBytes,
          );
        }
      }
      written.push(Buffer.from(record).toString("hex"));
      recorder.confirmed(frame, record);
    }
    const replay = read(recorder.finish());
    for (let walks = 0; walks < 2; walks++) {
      expect(Array.from(replay.records(), (bytes) => Buffer.from(bytes).toString("hex"))).toEqual(written);
    }
  });

  it("gives back every hash and keyframe", () => {
    const recorder = recorderOf(1, 2);
    for (let frame = 0; frame < 300; frame++) recorder.confirmed(frame, new Uint8Array(10));
    const checks = [1, 2, 255, 256, 300].map((frame) => ({ frame, chain: Math.imul(frame, 0x9e37_79b9) >>> 0 }));
    for (const { frame, chain } of checks) recorder.check(frame, chain);
    expect([...read(recorder.finish()).checks()]).toEqual(checks);
    expect([...read(recorder.finish()).keyframes()]).toEqual([]);
  });

  it("is refused where the inputs of a block are not what its numbers say", () => {
    const recorder = recorderOf(1, 2);
    const record = new Uint8Array(10).fill(PRESENCE_HERE, 0, 1);
    for (let frame = 0; frame < 3; frame++) recorder.confirmed(frame, record);
    const file = recorder.finish();
    // The end of the file: 3 frames in 1 byte, no hashes, no keyframes, the checksum.
    const tail = "0301" + "00" + "00" + "00";
    const at = file.length - 4 - tail.length / 2;
    expect(Buffer.from(file.subarray(at, -4)).toString("hex")).toBe(tail);
    const ended = (hex: string): Uint8Array =>
      sealed(Uint8Array.of(...file.subarray(0, at), ...Buffer.from(hex, "hex")));
    expect(parseReplay(ended(tail)).kind).toBe("replay");
    const cases = {
      "more frames than the block has": "0401000000",
      "bits left over": "030200000000",
      "an input longer than it may be": "0302ff3f0000",
      "too few bits": "03000000",
      "no block": "",
    };
    for (const [what, hex] of Object.entries(cases)) {
      expect(parseReplay(ended(hex)), what).toEqual({ kind: "unreadable", why: "the inputs make no sense" });
    }
  });

  it("takes 64 KiB whatever the file says: here 20 000 frames of eight seats, whose inputs would fill 650 MB", () => {
    const [players, inputBytes, frames] = [8, 4096, 20_000];
    const recorder = recorderOf(players, inputBytes);
    const cellBytes = CELL_HEADER_BYTES + inputBytes;
    const record = new Uint8Array(players * cellBytes);
    for (let seat = 0; seat < players; seat++) put(record, seat * cellBytes, Uint8Array.of(seat, 9), cellBytes);
    for (let frame = 0; frame < frames; frame++) recorder.confirmed(frame, record);
    const file = recorder.finish();
    expect(file.length).toBeLessThan(32 * KIB);
    globalThis.gc!();
    const before = process.memoryUsage().arrayBuffers;
    const replay = read(file);
    // Twice a walk, and what the first one left may not be collected yet.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * 80 * KIB);
    let walked = 0;
    for (const { length } of replay.records()) walked += length;
    expect(walked).toBeGreaterThan(600 * MIB);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * 80 * KIB);
  });
});
