// Datagrams waiting to be sent: encoded once into buffers that are used again after the drain.
import { assert } from "../assert.js";
import { DATAGRAM_BYTES_MAX, Writer } from "./bytes.js";
import { type Body, encode, type MessageType } from "./messages.js";

/** Takes one datagram. The bytes are borrowed: they change after the call returns. */
export type Send = (to: number, bytes: Uint8Array) => void;

class Datagram {
  to = 0;
  length = 0;
  readonly buffer = new Uint8Array(DATAGRAM_BYTES_MAX);
  /** One view for each length, made when first needed, so that sending makes no garbage. */
  readonly #views: (Uint8Array | undefined)[] = [];

  get view(): Uint8Array {
    this.#views[this.length] ??= this.buffer.subarray(0, this.length);
    return this.#views[this.length]!;
  }
}

export class Outbox {
  readonly #datagrams: Datagram[] = [];
  readonly #writer = new Writer();
  #count = 0;
  sentDatagrams = 0;
  sentBytes = 0;
  /** Beside what was sent, also what waits for the next drain. */
  postedBytes = 0;

  post<K extends MessageType>(to: number, type: K, body: Body<K>): void {
    if (this.#datagrams.length === this.#count) this.#datagrams.push(new Datagram());
    const datagram = this.#datagrams[this.#count]!;
    this.#writer.open(datagram.buffer);
    encode(this.#writer, type, body);
    assert(!this.#writer.full, `a ${type} message fits a datagram`);
    datagram.to = to;
    datagram.length = this.#writer.at;
    this.postedBytes += datagram.length;
    this.#count += 1;
  }

  /** What was posted last goes to somebody else as well: its bytes are copied, not made again. */
  repeat(to: number): void {
    assert(this.#count > 0, "there is something to repeat");
    const last = this.#datagrams[this.#count - 1]!;
    if (this.#datagrams.length === this.#count) this.#datagrams.push(new Datagram());
    const datagram = this.#datagrams[this.#count]!;
    datagram.buffer.set(last.buffer);
    datagram.to = to;
    datagram.length = last.length;
    this.postedBytes += datagram.length;
    this.#count += 1;
  }

  drain(send: Send): void {
    for (let i = 0; i < this.#count; i++) {
      const datagram = this.#datagrams[i]!;
      this.sentDatagrams += 1;
      this.sentBytes += datagram.length;
      send(datagram.to, datagram.view);
    }
    this.#count = 0;
  }
}
