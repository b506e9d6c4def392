// Inputs that no player would send: words that are halves of every kind of double and every kind of single.

/** Both zeros, ones, infinities, NaNs quiet and signalling with bits of their own, and the smallest. */
const WORDS = [
  0, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345, 0x7fa00001, 0xff800001,
  0x00000001, 0x3ff00000, 0xbff00000, 0x7ff00000, 0xfff00000, 0x7ff80000, 0xfff8abcd, 0x7ff40000, 0x40490fdb,
  0x4b000001, 0xc1234567, 0x408f4000,
];

export function randomWords(seed: number): () => number {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state ^ (state >>> 15);
  };
  // Every fourth word is any word.
  return () => ((next() >>> 7) % 4 === 0 ? next() : WORDS[(next() >>> 3) % WORDS.length]!);
}
