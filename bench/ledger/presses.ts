// What the ledger's players press: fortress-rollback's formula, which mispredicts every frame, and noise.
import { Random } from "../../src/netsim/random.js";

/** A seat's input at a step. Each step is asked for once. */
export type Press = (seat: number, step: number) => Uint8Array;

/** Its word, and for 32 bytes seven more that are made of it. */
export function formula(inputBytes: number): Press {
  return (seat, step) => {
    const word = (step * 31 + seat * 7 + 1) >>> 0;
    const bytes = new Uint8Array(inputBytes);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, word, true);
    for (let i = 1; 4 * i < inputBytes; i++) {
      const turned = (word << i) | (word >>> (32 - i));
      view.setUint32(4 * i, (turned + step * 17 + seat * 97 + i * 0x9e37) >>> 0, true);
    }
    return bytes;
  };
}

/** Every bit anew in every frame: nothing to compress, for no codec. */
export function noise(inputBytes: number, seed: number): Press {
  const random = new Random(seed);
  return () => Uint8Array.from({ length: inputBytes }, () => random.below(256));
}
