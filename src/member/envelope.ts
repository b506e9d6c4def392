// A datagram between members: the epoch in which its sender lives, then what a server or a player would have sent.
import { assert } from "../assert.js";
import { DATAGRAM_BYTES_MAX, Reader, Writer } from "../wire/bytes.js";
import { EPOCH_MAX } from "../wire/limits.js";
import { MESSAGES } from "../wire/messages.js";

/** Bytes of the longest epoch, which no carrier has to know of: what they carry is never as long as it may be. */
const EPOCH_BYTES = 3;

export class Envelope {
  readonly #buffer = new Uint8Array(DATAGRAM_BYTES_MAX + EPOCH_BYTES);
  readonly #writer = new Writer();
  readonly #reader = new Reader();
  /** One view for each length, made when first needed, so that sending makes no garbage. */
  readonly #views: (Uint8Array | undefined)[] = [];
  /** Of the datagram that was opened last. */
  epoch = 0;
  bytes: Uint8Array = this.#buffer;

  /** The bytes are borrowed until the next call. */
  seal(epoch: number, bytes: Uint8Array): Uint8Array {
    const writer = this.#writer;
    writer.open(this.#buffer);
    writer.varint(epoch);
    writer.raw(bytes);
    assert(!writer.full, "a member's datagram fits its envelope");
    this.#views[writer.at] ??= this.#buffer.subarray(0, writer.at);
    return this.#views[writer.at]!;
  }

  /** Fills in what is inside; false for bytes that no member sends. */
  open(bytes: Uint8Array): boolean {
    const reader = this.#reader;
    reader.open(bytes);
    this.epoch = reader.varint();
    if (reader.bad || reader.rest === 0 || this.epoch > EPOCH_MAX) return false;
    this.bytes = bytes.subarray(reader.at);
    return true;
  }
}

const AMONG_MEMBERS = new Set(
  Object.values(MESSAGES)
    .filter(({ from }) => from === "member")
    .map(({ code }) => code as number),
);

/** Whether a message is one of those that members say to each other about who sequences. */
export function isAmongMembers(code: number): boolean {
  return AMONG_MEMBERS.has(code);
}
