// What a hostile client may say: well-formed messages of every type, with values at their edges and out of place.
import type { Random } from "../../src/netsim/random.js";
import { DATAGRAM_BYTES_MAX, Writer } from "../../src/wire/bytes.js";
import { type Body, blank, Decoder, encode, type Message, type MessageType } from "../../src/wire/messages.js";
import { SAMPLES } from "../wire/samples.js";

/** Numbers at which something overflows, wraps, or is nobody's. */
const EDGES = [0, 1, 2, 3, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 1023, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff];

/** Frames that he names are this far from the match's, at most. */
const FAR = [1, 16, 64, 128, 600, 1024, 4096];

/** Most often he speaks in his own name: what does is heard further than what does not. */
const OWN_NAME = 0.8;

const decoder = new Decoder();
const writer = new Writer();

export function bytesOf<K extends MessageType>(type: K, body: Body<K>): Uint8Array {
  writer.open(new Uint8Array(DATAGRAM_BYTES_MAX));
  encode(writer, type, body);
  return writer.bytes.slice(0, writer.at);
}

/** So many datagrams of a type that a decoder takes, of somebody on `seat`, while the match is at `frame`. */
export function hostile(
  type: MessageType,
  { random, seat, frame, count }: { random: Random; seat: number; frame: number; count: number },
): Uint8Array[] {
  const samples = SAMPLES.filter((sample) => sample.type === type);
  const made: Uint8Array[] = [];
  while (made.length < count) {
    const { body }: Message = structuredClone(random.pick(samples));
    spoil(body, random, frame);
    if ("seat" in body && random.chance(OWN_NAME)) body.seat = seat;
    if ("generation" in body && random.chance(OWN_NAME)) body.generation = 0;
    const bytes = bytesOf(type, body as never);
    if (decoder.decode(bytes) !== undefined) made.push(bytes);
  }
  return made;
}

/** Some of the values become others, in whatever they are part of. */
function spoil(body: object, random: Random, frame: number): void {
  // How long a list or a window of bytes is the writer has to know.
  const long = "items" in body || "bytes" in body;
  if ("items" in body && "count" in body) body.count = random.below((body.items as unknown[]).length + 1);
  for (const [name, value] of Object.entries(body)) {
    if (value instanceof Uint8Array) scribble(value, random);
    else if (typeof value === "object") spoil(value, random, frame);
    else if (typeof value === "boolean") Object.assign(body, { [name]: random.chance(0.5) });
    else if (typeof value === "number" && !long && random.chance(0.3)) {
      Object.assign(body, { [name]: number(random, frame) });
    }
  }
}

function scribble(bytes: Uint8Array, random: Random): void {
  if (random.chance(0.4)) for (let i = 0; i < bytes.length; i++) bytes[i] = random.u32();
}

function number(random: Random, frame: number): number {
  if (random.chance(0.5)) return random.pick(EDGES);
  const far = random.below(random.pick(FAR));
  return Math.max(0, random.chance(0.5) ? frame + far : frame - far);
}

/** His input of one frame, two bytes, and not a word of what he holds of the others'. */
export function bareInput(seat: number, frame: number): Uint8Array {
  const body = blank("inputs");
  body.seat = seat;
  body.first = frame & 0xffff;
  body.count = 1;
  // Three bits that are set, thirteen of the length, 2, then two bytes.
  body.bits = { bytes: Uint8Array.of(0b0001_0111, 0, 7, 7), begin: 0, end: 4 };
  return bytesOf("inputs", body);
}
