// What is still under way of who came back: datagrams of his former self, as they were, or as if his numbers fit again.
import { Writer } from "../../src/wire/bytes.js";
import type { Window } from "../../src/wire/codec.js";
import { Decoder, encode, MESSAGES } from "../../src/wire/messages.js";
import { GENERATIONS } from "../../src/wire/stream.js";

interface Link {
  generation: number;
  /** The newest datagram of this generation, and of the one before. */
  newest: Uint8Array;
  former: Uint8Array | undefined;
  count: number;
}

export class Former {
  readonly #decoder = new Decoder();
  readonly #links = new Map<string, Link>();
  /** How many arrived. */
  count = 0;

  /** What arrives before this datagram of who came back: what his former self said last, or would say now, in turn. */
  before(direction: "up" | "down", player: number, bytes: Uint8Array): Uint8Array | undefined {
    const code = direction === "up" ? MESSAGES.inputs.code : MESSAGES.frames.code;
    if (bytes[0] !== code || bytes.length < 2) return undefined;
    const link = this.#link(direction + player, bytes);
    if (link?.former === undefined) return undefined;
    link.count += 1;
    this.count += 1;
    return link.count % 2 === 0 ? link.former : this.#fitting(bytes, link.generation);
  }

  #link(name: string, bytes: Uint8Array): Link | undefined {
    const generation = bytes[1]! % GENERATIONS;
    const link = this.#links.get(name);
    const later = link === undefined ? 0 : (generation - link.generation) & (GENERATIONS - 1);
    if (link === undefined) this.#links.set(name, { generation, newest: bytes.slice(), former: undefined, count: 0 });
    else if (later === 0) link.newest = bytes.slice();
    else if (later === 1) Object.assign(link, { generation, former: link.newest, newest: bytes.slice() });
    // One of his former self that comes late by itself.
    return later > 1 ? undefined : link;
  }

  /** As frame numbers of sixteen bits come round again, his former self speaks of the same frames, and says other things. */
  #fitting(bytes: Uint8Array, generation: number): Uint8Array | undefined {
    const message = this.#decoder.decode(bytes.slice());
    if (message?.type !== "inputs" && message?.type !== "frames") return undefined;
    message.body.generation = (generation + GENERATIONS - 1) % GENERATIONS;
    const to = new Writer();
    to.open(new Uint8Array(2 * bytes.length + 16));
    if (message.type === "inputs") {
      turnOver(message.body.bits, this.count);
      for (const report of message.body.chain.items) report.value ^= 1;
      encode(to, "inputs", message.body);
    } else {
      for (const { bits } of message.body.runs.items.slice(0, message.body.runs.count)) turnOver(bits, this.count);
      encode(to, "frames", message.body);
    }
    return to.bytes.slice(0, to.at);
  }
}

/** One bit after the other, since some of them leave no run that could be read. */
function turnOver({ bytes, begin, end }: Window, bit: number): void {
  if (end > begin) bytes[begin + ((bit >> 3) % (end - begin))]! ^= 1 << (bit & 7);
}
