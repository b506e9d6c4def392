// Which of a carrier's sockets the next datagram takes: in turn, past the silent ones; what is long, on one of its own.
import { MESSAGES } from "../wire/messages.js";

/** Two or three long round trips without a word: the socket is dead, or waits for a repeat of what was lost. */
export const SILENT_MS = 500;

/** How long inputs keep off the stripe that carries bulk after its last piece: until that has left the sender's queue. */
const BULK_MS = 300;

/**
 * Bytes from which a message that is no frame's own counts as bulk: with fewer it fits a packet of its own, between
 * two frames, wherever it goes.
 */
const BULK_BYTES = 256;

/** A socket of a carrier, or whatever has been heard at some time. */
export interface Lane {
  /** When something last came through it, in ms. */
  readonly heardAt: number;
}

/** Evidence, snapshots, and parts of inputs too long for the datagram of their frame. That one never is. */
export function isBulk(bytes: Uint8Array): boolean {
  const code = bytes[0];
  return bytes.length >= BULK_BYTES && code !== MESSAGES.inputs.code && code !== MESSAGES.frames.code;
}

/**
 * Neighbouring frames go to different sockets, and each datagram repeats the newest few: what one socket owes after a
 * loss, the next one carries. A 1 % loss then looks as it would on datagrams, up to what all of them lose together.
 */
export class Rotation<L extends Lane> {
  #turn = 0;
  #bulkUntil = -Infinity;

  /** The lane for these bytes; undefined when there is none. The last lane is the one for bulk. */
  pick(lanes: readonly L[], bytes: Uint8Array, now: number): L | undefined {
    if (lanes.length <= 1) return lanes[0];
    const last = lanes.length - 1;
    if (isBulk(bytes)) {
      this.#bulkUntil = now + BULK_MS;
      if (now - lanes[last]!.heardAt < SILENT_MS) return lanes[last];
    }
    const end = now < this.#bulkUntil ? last : lanes.length;
    for (let i = 0; i < end; i++) {
      this.#turn = (this.#turn + 1) % end;
      const lane = lanes[this.#turn]!;
      if (now - lane.heardAt < SILENT_MS) return lane;
    }
    return newest(lanes);
  }
}

/** The lane that was heard last. */
function newest<L extends Lane>(lanes: readonly L[]): L {
  let best = lanes[0]!;
  for (const lane of lanes) if (lane.heardAt > best.heardAt) best = lane;
  return best;
}
