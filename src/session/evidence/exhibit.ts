// An exhibit: all that one side tells the other about a desync, as bytes that travel in one parcel.
import { Reader, Writer } from "../../wire/bytes.js";
import { bounded, bytes, hash64, list, struct, text, u8, u32, type ValueOf, varint } from "../../wire/codec.js";
import { FRAME_INPUTS_MAX, SEATS_MAX } from "../../wire/limits.js";
import { ROLLBACKS_TOLD } from "./history.js";

/** Frames before the first bad one whose inputs a report has: a second of most games. */
export const INPUTS_TOLD_FRAMES = 60;

/** Blocks as they travel: eight of the largest state, were all of each different. */
const BLOCKS_BYTES_MAX = 640 * 1024;

/** What a host says of itself: an engine's name and version, the platform's. */
const WORDS_BYTES = 300;

/** Bytes of an exhibit beside its longest parts. */
const REST_BYTES = 4096;

/** Bytes of the longest exhibit: what a receiver makes room for. */
export const EXHIBIT_BYTES_MAX: number = BLOCKS_BYTES_MAX + 2 * FRAME_INPUTS_MAX + REST_BYTES;

/** `end` as in rerun.ts: played, trapped, or not restored. */
const outcome = struct({ end: bounded(u8, 0, 2), low: u32, high: u32 });

export const exhibit = struct({
  samestep: text(WORDS_BYTES),
  engine: text(WORDS_BYTES),
  platform: text(WORDS_BYTES),
  game: hash64,
  schema: hash64,
  core: hash64,
  config: hash64,
  /** The state of the frame: 1 when it is still held, and the one before it. */
  held: u8,
  /** How the step before comes out again: clean, and as memory is. None where the state before it is not held. */
  outcomes: list(outcome, 3),
  rollbacks: list(struct({ from: varint, to: varint }), ROLLBACKS_TOLD),
  /** Seat after seat the letters of `SeatInputs.marks`, from `marksBegin` on. */
  marksBegin: varint,
  marks: bytes(0, INPUTS_TOLD_FRAMES * SEATS_MAX),
  /** Where inputs differ, those of the frame: the cells of all seats. */
  record: bytes(0, 2 * FRAME_INPUTS_MAX),
  /** The differing blocks, as `packBlocks` makes them of the state before. */
  blocks: bytes(0, BLOCKS_BYTES_MAX),
});

export type Exhibit = ValueOf<typeof exhibit>;

export function writeExhibit(body: Exhibit): Uint8Array {
  const writer = new Writer();
  writer.open(new Uint8Array(body.blocks.length + body.record.length + REST_BYTES));
  exhibit.write(writer, body);
  return writer.bytes.slice(0, writer.at);
}

/** Undefined when the bytes are none. */
export function readExhibit(from: Uint8Array): Exhibit | undefined {
  const reader = new Reader();
  reader.open(from);
  const body = exhibit.read(reader, exhibit.blank());
  return reader.bad || reader.rest > 0 ? undefined : body;
}
