// A state in blocks: which of them differ between two machines, and the bytes of those, small enough to travel.
import { LEAF_BYTES } from "../../simulation/core.js";
import type { Simulation } from "../../simulation/simulation.js";
import { BLOCKS_MAX } from "../../wire/limits.js";

/** Bytes of one block hash as it is told: 32 bits only have to tell which blocks to look into. */
const TOLD_BYTES = 4;

/** Bytes of one leaf hash as `leaves` answers it. */
const LEAF_HASH_BYTES = 8;

/** Bytes of a block: a leaf, or so many that a state has no more than can be told in one datagram. */
export function blockBytes(stateBytes: number): number {
  let bytes = LEAF_BYTES;
  while (Math.ceil(stateBytes / bytes) > BLOCKS_MAX) bytes *= 2;
  return bytes;
}

export function blockCount(stateBytes: number): number {
  return Math.ceil(stateBytes / blockBytes(stateBytes));
}

/** The low 32 bits of each block's hash: of its leaf, or of the hashes of its leaves. */
export function blockHashes(simulation: Simulation, state: Uint8Array): Uint8Array {
  const leaves = simulation.leaves(state);
  const stride = (blockBytes(state.length) / LEAF_BYTES) * LEAF_HASH_BYTES;
  const count = blockCount(state.length);
  const told = new Uint8Array(TOLD_BYTES * count);
  const digest = new Uint32Array(2);
  for (let block = 0; block < count; block++) {
    const hashes = leaves.subarray(block * stride, (block + 1) * stride);
    if (stride > LEAF_HASH_BYTES) simulation.digest(hashes, digest, 0);
    const low = stride > LEAF_HASH_BYTES ? new Uint8Array(digest.buffer) : hashes;
    told.set(low.subarray(0, TOLD_BYTES), block * TOLD_BYTES);
  }
  return told;
}

/** The first blocks, `most` of them, whose told hashes differ. */
export function differingBlocks(a: Uint8Array, b: Uint8Array, most = Infinity): number[] {
  const found: number[] = [];
  for (let at = 0; at < a.length && found.length < most; at += TOLD_BYTES) {
    let same = true;
    for (let i = at; same && i < at + TOLD_BYTES; i++) same = a[i] === b[i];
    if (!same) found.push(at / TOLD_BYTES);
  }
  return found;
}

/** Some blocks of a state, as what they make of `base`, a state that both sides hold. */
export function packBlocks(
  simulation: Simulation,
  base: Uint8Array,
  state: Uint8Array,
  blocks: readonly number[],
): Uint8Array {
  return simulation.encodeDelta(base, withBlocks(base, state, blocks));
}

/** `mine` with those blocks as the other side has them; undefined when the bytes are none. */
export function unpackBlocks(
  simulation: Simulation,
  base: Uint8Array,
  mine: Uint8Array,
  blocks: readonly number[],
  packed: Uint8Array,
): Uint8Array | undefined {
  const theirs = simulation.decodeDelta(base, packed);
  return theirs && withBlocks(mine, theirs, blocks);
}

function withBlocks(state: Uint8Array, from: Uint8Array, blocks: readonly number[]): Uint8Array {
  const bytes = blockBytes(state.length);
  const made = state.slice();
  for (const block of blocks) made.set(from.subarray(block * bytes, (block + 1) * bytes), block * bytes);
  return made;
}
