// The replay file: what a match was, every confirmed input, and hashes to hold a re-simulation against.
//
//   "SAMESTEP" · u16 format · hash64 game · hash64 schema · match config · varint cell bytes
//   varint frames, then for each block of up to 256 frames and each seat:
//     varint frames present · varint bytes · bits of the run (src/wire/input-run.ts), against the seat's input before
//   varint checks:     varint frame distance · u32 low half of the hash chain there
//   varint keyframes:  varint frame distance · varint bytes · delta against the keyframe before (the first: zeroes)
//   of a match with a signed result: varint bytes · statement (src/wire/result.ts) · byte[64] signature
//   u32 CRC-32 of all before it

import { cellLength } from "../session/inputs/final-inputs.js";
import { CELL_HEADER_BYTES, PRESENCE_ABSENT } from "../simulation/simulation.js";
import { Reader, Writer } from "../wire/bytes.js";
import { hash64, struct, u16, varint } from "../wire/codec.js";
import { RunReader } from "../wire/input-run.js";
import { type MatchConfig, matchConfig } from "../wire/match-config.js";
import { readStatement, type SignedResult, type Statement, signedResult } from "../wire/result.js";
import { crc32 } from "./crc32.js";

export const MAGIC: Uint8Array = new TextEncoder().encode("SAMESTEP");
/** 2: deltas of 16-bit numbers, in blocks of 128 bytes; more settings of a match. */
export const FORMAT = 2;
export const BLOCK_FRAMES = 256;
const CRC_BYTES = 4;

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

/** What the server of the match states about it, and has signed: nothing here checks by whom. */
export interface ReplayResult {
  statement: Statement;
  signed: SignedResult;
}

/** What the file says of the match, and where its parts begin. */
interface Parts {
  gameHash: string;
  schemaHash: string;
  config: MatchConfig;
  cellBytes: number;
  frames: number;
  result: ReplayResult | undefined;
  /** The file without its checksum. */
  bytes: Uint8Array;
  inputsAt: number;
  checksAt: number;
  keyframesAt: number;
}

/**
 * A replay as it lies in its file: walking through it decodes one item after the other and keeps none. So a match may be
 * as long as frame numbers go, and whatever a file says, reading it takes one record and the runs' last inputs beside
 * its own bytes: 64 KiB for eight seats with the longest inputs.
 */
export class Replay {
  readonly gameHash: string;
  readonly schemaHash: string;
  readonly config: MatchConfig;
  readonly cellBytes: number;
  readonly frames: number;
  /** Undefined where no server signed it. */
  readonly result: ReplayResult | undefined;
  readonly #parts: Parts;

  /** `parseReplay` makes them, of bytes that it has read to the end. */
  constructor(parts: Parts) {
    this.gameHash = parts.gameHash;
    this.schemaHash = parts.schemaHash;
    this.config = parts.config;
    this.cellBytes = parts.cellBytes;
    this.frames = parts.frames;
    this.result = parts.result;
    this.#parts = parts;
  }

  /** The inputs of each frame: a record of all seats' cells, borrowed until the next. */
  records(): Generator<Uint8Array, undefined> {
    return readRecords(this.#from(this.#parts.inputsAt), this.config, this.frames);
  }

  checks(): Generator<Check, undefined> {
    return readChecks(this.#from(this.#parts.checksAt), this.frames);
  }

  /** Their deltas lie in the file. */
  keyframes(): Generator<Keyframe, undefined> {
    return readKeyframes(this.#from(this.#parts.keyframesAt), this.frames);
  }

  #from(at: number): Reader {
    const reader = new Reader();
    reader.open(this.#parts.bytes);
    reader.skip(at);
    return reader;
  }
}

export type Parsed = { kind: "replay"; replay: Replay } | { kind: "unreadable"; why: string };

export function isReplay(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC.length && MAGIC.every((byte, i) => byte === bytes[i]);
}

/**
 * Reads a replay. Whatever the bytes are, the answer is a replay or the reason why not. All of it is read once here, so
 * that walking through it later cannot fail; the bytes are borrowed as long as the replay is used.
 */
export function parseReplay(bytes: Uint8Array): Parsed {
  if (!isReplay(bytes)) return unreadable("this is not a Samestep replay");
  const reader = new Reader();
  reader.open(bytes);
  reader.skip(MAGIC.length);
  const format = reader.u16();
  if (format !== FORMAT) {
    const next = format < FORMAT ? "record the match again" : "a newer version reads it";
    return unreadable(`replay format ${format}; this version of Samestep reads ${FORMAT}: ${next}`);
  }
  const end = bytes.length - CRC_BYTES;
  const tail = new Reader();
  tail.open(bytes.subarray(Math.max(0, end)));
  if (tail.u32() !== crc32(bytes, end)) return unreadable("the file is damaged: its checksum does not fit");
  reader.open(bytes.subarray(0, end));
  reader.skip(MAGIC.length);
  const { game, schema, config, cellBytes } = header.read(reader, header.blank());
  const frames = reader.varint();
  // A frame costs at least a bit, so a file cannot ask for more frames than it has bits.
  const plausible = frames <= 8 * bytes.length && cellBytes === CELL_HEADER_BYTES + config.inputBytes;
  if (reader.bad || !plausible) return unreadable("the header makes no sense");
  const inputsAt = reader.at;
  walk(readRecords(reader, config, frames));
  if (reader.bad) return unreadable("the inputs make no sense");
  const checksAt = reader.at;
  walk(readChecks(reader, frames));
  const keyframesAt = reader.at;
  walk(readKeyframes(reader, frames));
  if (reader.bad) return unreadable("the hashes or keyframes make no sense");
  const result = reader.rest > 0 ? readResult(reader) : undefined;
  if (reader.bad || reader.rest > 0) return unreadable("the result makes no sense");
  const head = { gameHash: game, schemaHash: schema, config, cellBytes, frames, result };
  return { kind: "replay", replay: new Replay({ ...head, bytes: reader.bytes, inputsAt, checksAt, keyframesAt }) };
}

function unreadable(why: string): Parsed {
  return { kind: "unreadable", why };
}

// Each reads its part from where the reader stands to the part's end; where that makes no sense, the reader goes bad.

function* readRecords(reader: Reader, config: MatchConfig, frames: number): Generator<Uint8Array, undefined> {
  const seats = Array.from({ length: config.players }, () => new RunReader());
  const cellBytes = CELL_HEADER_BYTES + config.inputBytes;
  const record = new Uint8Array(config.players * cellBytes);
  for (let begin = 0; begin < frames; begin += BLOCK_FRAMES) {
    const most = Math.min(BLOCK_FRAMES, frames - begin);
    for (const run of seats) if (!openRun(reader, run, config.inputBytes)) return;
    for (let i = 0; i < most; i++) {
      for (let seat = 0; seat < seats.length; seat++) putCell(record, seat * cellBytes, seats[seat]!);
      yield record;
    }
    // A run of more frames than the block's is not finished either.
    if (!seats.every((run) => run.finished)) reader.fail();
    if (reader.bad) return;
  }
}

/** The seat's next block, against the input that its run before ended with. */
function openRun(reader: Reader, run: RunReader, inputBytes: number): boolean {
  const count = reader.varint();
  const length = reader.varint();
  const begin = reader.at;
  reader.skip(length);
  if (reader.bad) return false;
  const last = run.length;
  run.open({ bytes: reader.bytes, begin, end: begin + length }, count, inputBytes);
  run.base(run.bytes, 0, last, run.presence);
  return true;
}

/** A seat is absent where its run says so, or is over. Behind the input that a cell held before, it is zero already. */
function putCell(record: Uint8Array, cell: number, run: RunReader): void {
  const here = run.next();
  const length = here ? run.length : 0;
  const before = cellLength(record, cell);
  record[cell] = here ? run.presence : PRESENCE_ABSENT;
  record[cell + 2] = length & 255;
  record[cell + 3] = length >> 8;
  const at = cell + CELL_HEADER_BYTES;
  for (let i = 0; i < length; i++) record[at + i] = run.bytes[i]!;
  for (let i = length; i < before; i++) record[at + i] = 0;
}

function* readChecks(reader: Reader, frames: number): Generator<Check, undefined> {
  let frame = 0;
  for (let count = reader.varint(); count > 0; count--) {
    const distance = reader.varint();
    const chain = reader.u32();
    frame += distance;
    if (distance === 0 || frame > frames) reader.fail();
    if (reader.bad) return;
    yield { frame, chain };
  }
}

function* readKeyframes(reader: Reader, frames: number): Generator<Keyframe, undefined> {
  let frame = 0;
  const first = reader.varint();
  for (let count = first; count > 0; count--) {
    const distance = reader.varint();
    const length = reader.varint();
    const begin = reader.at;
    reader.skip(length);
    frame += distance;
    if ((distance === 0 && count < first) || frame >= frames) reader.fail();
    if (reader.bad) return;
    yield { frame, delta: reader.bytes.subarray(begin, reader.at) };
  }
}

function readResult(reader: Reader): ReplayResult | undefined {
  const signed = signedResult.read(reader, signedResult.blank());
  const statement = readStatement(signed.statement);
  if (statement === undefined) reader.fail();
  return statement && { statement, signed };
}

function walk(items: Generator): void {
  while (!items.next().done);
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
