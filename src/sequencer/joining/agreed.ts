// What everybody agreed on, as long as somebody who comes in may report it: values of the hash chain.

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

  /** The value at a frame; undefined when none is remembered. */
  at(frame: number): number | undefined {
    const slot = slotOf(frame);
    return this.#frames[slot] === frame ? this.#values[slot] : undefined;
  }
}

/** Aligned frames are reported: each fourth one. */
function slotOf(frame: number): number {
  return (frame >> 2) % KEPT;
}
