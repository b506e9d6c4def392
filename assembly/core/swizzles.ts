// Indices for swizzles that bring some of eight bytes together, and that put them back.

// For each mask of eight bits, eight indices. PACK_LOW and PACK_HIGH bring the bytes of set bits together, out of the lower or
// the upper half of a vector, SPREAD puts them where the set bits are. ABSENT is out of a swizzle's range and becomes 0.
export const PACK_LOW: usize = memory.data(256 * 8, 16);
export const PACK_HIGH: usize = memory.data(256 * 8, 16);
export const SPREAD: usize = memory.data(256 * 8, 16);
const ABSENT: u8 = 0x80;
fillTables();

function fillTables(): void {
  memory.fill(PACK_LOW, ABSENT, 256 * 8);
  memory.fill(PACK_HIGH, ABSENT, 256 * 8);
  memory.fill(SPREAD, ABSENT, 256 * 8);
  for (let mask: usize = 0; mask < 256; mask++) {
    let rank: usize = 0;
    for (let bit: usize = 0; bit < 8; bit++) {
      if ((mask & (1 << bit)) == 0) continue;
      store<u8>(PACK_LOW + mask * 8 + rank, <u8>bit);
      store<u8>(PACK_HIGH + mask * 8 + rank, <u8>(8 + bit));
      store<u8>(SPREAD + mask * 8 + bit, <u8>rank);
      rank += 1;
    }
  }
}
