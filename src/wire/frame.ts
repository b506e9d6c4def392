// Frame numbers on the wire: 16 low bits, unwrapped to the frame nearest to one that the reader knows.

/** The frame nearest to `near` whose low 16 bits are `low`; never below zero. */
export function unwrapFrame(low: number, near: number): number {
  const distance = ((low - near) << 16) >> 16;
  const frame = near + distance;
  return frame >= 0 ? frame : frame + 0x10000;
}
