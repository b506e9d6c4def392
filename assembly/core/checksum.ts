// Checksums of a state: one hash of all of it, and a two-level tree that tells where two states differ.
import { xxh3 } from "./xxh3";

const HASH_BYTES: usize = 8;
// Small enough to name a field's neighbourhood, large enough that the tree costs 6 % over one flat hash (1 KiB: 24 %).
const LEAF_BYTES: usize = 4096;

/** Writes the XXH3-64 (seed 0) of [at, at + length) to `out`: eight bytes, little-endian. */
export function hash(at: usize, length: usize, out: usize): void {
  store<u64>(out, xxh3(at, length));
}

/**
 * Writes the hash of each 4 KiB leaf of [at, at + length) to consecutive eight-byte places from `out`, and returns
 * their number, ceil(length / 4096). The last leaf may be shorter. `out` must not overlap the input.
 */
export function leaves(at: usize, length: usize, out: usize): usize {
  const end = at + length;
  let place = out;
  while (at < end) {
    hash(at, min(LEAF_BYTES, end - at), place);
    at += LEAF_BYTES;
    place += HASH_BYTES;
  }
  return (place - out) / HASH_BYTES;
}

/** Writes the root of the tree to `out`: the hash of the leaf table, its `count` eight-byte hashes in a row. */
export function root(leafTable: usize, count: usize, out: usize): void {
  hash(leafTable, count * HASH_BYTES, out);
}
