// What everybody agreed on, as long as somebody who comes in may report it: values of the hash chain.

import { REPORT_EVERY_FRAMES } from "../../wire/limits.js";

/** Values that are remembered: four a datagram come in a catch-up, and the newest count. */
const KEPT = 128;

export class Agreed {
  readonly #frames = new Float64Array(KEPT).fill(-1);
  readonly #values = new Uint32Array(KEPT);
  /** The newest frame, and the value there. */
  end = 0;

  note(frame: number, value: number): void {
    const slot = slotOf(frame);
    this.#frames[slot] = frame;
    this.#values[slot] = value;
    this.end = Math.max(this.end, frame);
  }

  /** The newest frame up to `limit` whose value is remembered; 0: none. */
  newest(limit: number): number {
    const oldest = this.end - KEPT * REPORT_EVERY_FRAMES;
    let frame = Math.min(this.end, limit - (limit % REPORT_EVERY_FRAMES));
    while (frame > oldest && frame > 0 && this.at(frame) === undefined) frame -= REPORT_EVERY_FRAMES;
    return frame > oldest ? Math.max(0, frame) : 0;
  }

  /** The value at a frame; undefined when none is remembered. */
  at(frame: number): number | undefined {
    const slot = slotOf(frame);
    return this.#frames[slot] === frame ? this.#values[slot] : undefined;
  }
}

/** Aligned frames are reported. */
function slotOf(frame: number): number {
  return (frame / REPORT_EVERY_FRAMES) % KEPT;
}
