// The replay file: what a match was, every confirmed input, and hashes to hold a re-simulation against.
//
//   "SAMESTEP" · u16 format · hash64 game · hash64 schema · match config · varint cell bytes
//   varint frames, then for each block of up to 256 frames and each seat:
//     varint frames present · varint bytes · bits of the run (src/wire/input-run.ts), against the seat's input before
//   varint checks:     varint frame distance · u32 low half of the hash chain there
//   varint keyframes:  varint frame distance · varint bytes · delta against the keyframe before (the first: zeroes)
//   u32 CRC-32 of all before it

import { CELL_HEADER_BYTES, PRESENCE_HERE } from "../simulation/simulation.js";
import { Reader, Writer } from "../wire/bytes.js";
import { hash64, struct, u16, varint } from "../wire/codec.js";
import { RunReader } from "../wire/input-run.js";
import { type MatchConfig, matchConfig } from "../wire/match-config.js";
import { crc32 } from "./crc32.js";

export const MAGIC: Uint8Array = new TextEncoder().encode("SAMESTEP");
export const FORMAT = 1;
export const BLOCK_FRAMES = 256;
const CRC_BYTES = 4;

/** Largest match that is read: its records would not fit memory beyond. */
const RECORDS_BYTES_MAX = 512 * 1024 * 1024;

export const header = struct({ format: u16, game: hash64, schema: hash64, config: matchConfig, cellBytes: varint });

export interface Check {
  frame: number;
  chain: number;
}
export interface Keyframe {
  frame: number;
  /** Against the keyframe before; the first against zeroes. */
  delta: Uint8Array;
}

export interface Replay {
  gameHash: string;
  schemaHash: string;
  config: MatchConfig;
  cellBytes: number;
  frames: number;
  /** Input records of all frames, one after another. */
  records: Uint8Array;
  checks: Check[];
  keyframes: Keyframe[];
}

export type Parsed = { kind: "replay"; replay: Replay } | { kind: "unreadable"; why: string };

export function isReplay(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, i) => byte === bytes[i]);
}

/** Reads a replay. Whatever the bytes are, the answer is a replay or the reason why not. */
export function parseReplay(bytes: Uint8Array): Parsed {
  if (!isReplay(bytes)) return unreadable("this is not a Samestep replay");
  const reader = new Reader();
  reader.open(bytes);
  reader.skip(MAGIC.length);
  const format = reader.u16();
  if (format !== FORMAT) return unreadable(`replay format ${format}; this version of Samestep reads ${FORMAT}`);
  const end = bytes.length - CRC_BYTES;
  const tail = new Reader();
  tail.open(bytes.subarray(Math.max(0, end)));
  if (tail.u32() !== crc32(bytes, end)) return unreadable("the file is damaged: its checksum does not fit");
  reader.open(bytes.subarray(0, end));
  reader.skip(MAGIC.length);
  const head = header.read(reader, header.blank());
  const frames = reader.varint();
  const recordBytes = head.config.players * head.cellBytes;
  // A frame costs at least a bit, so a file cannot ask for more frames than it has bits.
  const plausible = frames <= 8 * bytes.length && frames * recordBytes <= RECORDS_BYTES_MAX;
  if (reader.bad || !plausible || head.cellBytes !== CELL_HEADER_BYTES + head.config.inputBytes) {
    return unreadable("the header makes no sense");
  }
  const replay: Replay = {
    gameHash: head.game,
    schemaHash: head.schema,
    config: head.config,
    cellBytes: head.cellBytes,
    frames,
    records: new Uint8Array(frames * recordBytes),
    checks: [],
    keyframes: [],
  };
  if (!readInputs(reader, replay)) return unreadable("the inputs make no sense");
  readChecks(reader, replay);
  readKeyframes(reader, replay);
  if (reader.bad || reader.rest > 0) return unreadable("the hashes or keyframes make no sense");
  return { kind: "replay", replay };
}

function unreadable(why: string): Parsed {
  return { kind: "unreadable", why };
}

function readInputs(reader: Reader, replay: Replay): boolean {
  const { players, inputBytes } = replay.config;
  const runs = Array.from({ length: players }, () => new RunReader());
  const last = Array.from({ length: players }, () => ({ bytes: new Uint8Array(inputBytes), length: 0 }));
  for (let begin = 0; begin < replay.frames; begin += BLOCK_FRAMES) {
    const most = Math.min(BLOCK_FRAMES, replay.frames - begin);
    for (let seat = 0; seat < players; seat++) {
      const count = reader.varint();
      const length = reader.varint();
      const at = reader.at;
      reader.skip(length);
      if (reader.bad || count > most) return false;
      const run = runs[seat]!;
      run.open({ bytes: reader.bytes, begin: at, end: at + length }, count, inputBytes);
      run.base(last[seat]!.bytes, 0, last[seat]!.length);
      for (let frame = begin; run.next(); frame++) putCell(replay, seat, frame, run);
      if (!run.finished) return false;
      last[seat]!.bytes.set(run.bytes.subarray(0, run.length));
      last[seat]!.length = run.length;
    }
  }
  return true;
}

function putCell(replay: Replay, seat: number, frame: number, run: RunReader): void {
  const at = (frame * replay.config.players + seat) * replay.cellBytes;
  replay.records[at] = PRESENCE_HERE;
  replay.records[at + 2] = run.length & 255;
  replay.records[at + 3] = run.length >> 8;
  for (let i = 0; i < run.length; i++) replay.records[at + CELL_HEADER_BYTES + i] = run.bytes[i]!;
}

function readChecks(reader: Reader, replay: Replay): void {
  let frame = 0;
  for (let count = reader.varint(); count > 0 && !reader.bad; count--) {
    const distance = reader.varint();
    frame += distance;
    if (distance === 0 || frame > replay.frames) reader.fail();
    replay.checks.push({ frame, chain: reader.u32() });
  }
}

function readKeyframes(reader: Reader, replay: Replay): void {
  let frame = 0;
  for (let count = reader.varint(); count > 0 && !reader.bad; count--) {
    const distance = reader.varint();
    frame += distance;
    if ((distance === 0 && replay.keyframes.length > 0) || frame >= replay.frames) reader.fail();
    replay.keyframes.push({ frame, delta: reader.copy(reader.varint()) });
  }
}

/** A file being put together: grows as needed. */
export class FileWriter {
  #writer = new Writer();

  constructor() {
    this.#writer.open(new Uint8Array(4096));
  }

  get length(): number {
    return this.#writer.at;
  }

  /** Runs `write` with room for at least `most` bytes. */
  put(most: number, write: (to: Writer) => void): void {
    const writer = this.#writer;
    if (writer.room < most) {
      const grown = new Uint8Array(Math.max(2 * writer.bytes.length, writer.at + most));
      grown.set(writer.bytes.subarray(0, writer.at));
      writer.open(grown, writer.at);
    }
    write(writer);
  }

  finish(): Uint8Array {
    return this.#writer.bytes.slice(0, this.#writer.at);
  }
}
