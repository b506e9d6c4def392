// The difference of two states of one length: XOR, with unchanged bytes left out.

// Both inputs are cut into groups of 16 bytes; a shorter last group counts as padded with unchanged bytes.
//
//   delta := { run group } [ run ]          until every group is covered; the last run only if groups are left over
//   run   := { ff } byte                    how many groups are unchanged: the sum of these bytes, the last one below ff
//   group := mask:u16 changed bytes         bit i set: byte i of the group differs, and its XOR follows; mask is not 0
//
// There is exactly one delta for a pair of states, and no delta is the beginning of another: the decoder insists on both.
const GROUP: usize = 16;
const RUN_MAX: usize = 255;
const MASK_BYTES: usize = 2;
// A changed group: the last byte of its run and its mask, then at most sixteen changed bytes.
const HEAD: usize = 1 + MASK_BYTES;
const GROUP_BYTES_MAX: usize = HEAD + GROUP;
// What the encoder looks at once: where nothing changed, it is over after one branch. A cache line.
const BLOCK: usize = 64;
const BLOCK_GROUPS: usize = BLOCK / GROUP;

// For each mask of eight bits, eight indices for a swizzle. PACK_LOW and PACK_HIGH bring the bytes of set bits of a group's
// half together, SPREAD puts them back. ABSENT is out of a swizzle's range, which yields 0.
const PACK_LOW: usize = memory.data(256 * 8, 16);
const PACK_HIGH: usize = memory.data(256 * 8, 16);
const SPREAD: usize = memory.data(256 * 8, 16);
const ABSENT: u8 = 0x80;
// Where states that end inside a block are completed with zeroes, so that vector loads stay inside.
const BASE_END: usize = memory.data(64, 16);
const TARGET_END: usize = memory.data(64, 16);

fillTables();

/** An upper bound of what `deltaEncode` writes for states of `length` bytes, its over-write included. */
export function deltaBound(length: usize): usize {
  return ((length + BLOCK - 1) / BLOCK) * BLOCK_GROUPS * GROUP_BYTES_MAX;
}

/**
 * Writes the delta that turns `base` into `target` to `out`, and returns its length. Both states are `length` bytes
 * and need no padding or alignment. `out` has `deltaBound(length)` bytes, all of which may be written, and overlaps neither.
 */
export function deltaEncode(base: usize, target: usize, length: usize, out: usize): usize {
  const rest = length % BLOCK;
  let end = target + length - rest;
  let at = out;
  let run: usize = 0;
  for (;;) {
    while (target < end) {
      const change0 = v128.xor(v128.load(target), v128.load(base));
      const change1 = v128.xor(v128.load(target, 16), v128.load(base, 16));
      const change2 = v128.xor(v128.load(target, 32), v128.load(base, 32));
      const change3 = v128.xor(v128.load(target, 48), v128.load(base, 48));
      target += BLOCK;
      base += BLOCK;
      if (!v128.any_true(v128.or(v128.or(change0, change1), v128.or(change2, change3)))) {
        run += BLOCK_GROUPS;
        continue;
      }
      const mask0 = changedBytes(change0);
      const mask1 = changedBytes(change1);
      const mask2 = changedBytes(change2);
      const mask3 = changedBytes(change3);
      if (run > RUN_MAX - BLOCK_GROUPS) {
        // The run ends `lead` groups from here, so its ff bytes are due now. What is left of it may wrap below zero;
        // `lead` groups later it is what the run's last byte says.
        const lead = unchangedBefore(mask0, mask1, mask2);
        at = putFull(at, run + lead);
        run = ((run + lead) % RUN_MAX) - lead;
      }
      at = putGroup(at, run, mask0, change0);
      run = runAfter(run, mask0);
      at = putGroup(at, run, mask1, change1);
      run = runAfter(run, mask1);
      at = putGroup(at, run, mask2, change2);
      run = runAfter(run, mask2);
      at = putGroup(at, run, mask3, change3);
      run = runAfter(run, mask3);
    }
    if (rest == 0 || end == TARGET_END + BLOCK) break;
    base = completed(base, rest, BASE_END);
    target = completed(target, rest, TARGET_END);
    end = target + BLOCK;
  }
  // Groups that only complete the last block are unchanged, and no part of the state.
  run -= ((BLOCK - rest) % BLOCK) / GROUP;
  if (run == 0) return at - out;
  at = putFull(at, run);
  store<u8>(at, <u8>(run % RUN_MAX));
  return at + 1 - out;
}

/**
 * Rebuilds `target` from `base` and the delta at `source`. Returns 1 if the delta is the one `deltaEncode` writes for
 * some pair of states of `length` bytes; 0 if not, and then `target` holds anything. Whatever the bytes of `source`,
 * reads stay inside [source, source + sourceLength) and writes inside [target, target + length). Nothing needs padding.
 * `target` may be `base` itself (a delta applied in place); otherwise the areas do not overlap.
 */
export function deltaDecode(base: usize, source: usize, sourceLength: usize, target: usize, length: usize): i32 {
  // One copy at the speed of memory, then only what changed: a copy for each run would cost more than the groups.
  if (target != base) memory.copy(target, base, length);
  const end = target + length;
  const wholeEnd = end - (length % GROUP);
  const sourceEnd = source + sourceLength;
  // A group that begins before this can be loaded as if it were the largest.
  const roomyEnd = sourceEnd - min(sourceLength, GROUP_BYTES_MAX - 1);
  let wrong: u32 = 0;
  while (target < end) {
    // One group with every check, by single bytes: the first, those at an end, those after an ff.
    const groupsLeft = (end - target + GROUP - 1) / GROUP;
    let run: usize = 0;
    let byte = RUN_MAX;
    while (byte == RUN_MAX) {
      if (source == sourceEnd || run > groupsLeft) return 0;
      byte = <usize>load<u8>(source);
      source += 1;
      run += byte;
    }
    if (run > groupsLeft) return 0;
    if (run == groupsLeft) break;
    target += run * GROUP;
    const size = patchBytes(target, min(end - target, GROUP), source, sourceEnd - source);
    if (size == 0) return 0;
    source += size;
    target += GROUP;

    // And as many as possible at full speed. The next group's place hangs on this one's mask, load after load, so little
    // else may wait in that chain: the verdict on what was patched comes at the end, and the two ifs stay apart because asc
    // makes a value of a condition with ||, which costs a tenth.
    while (source < roomyEnd) {
      const run = <usize>load<u8>(source);
      const at = target + run * GROUP;
      if (run == RUN_MAX) break;
      if (at >= wholeEnd) break;
      const mask = <u32>load<u16>(source, 1);
      const bytes = source + HEAD;
      const change = spread(bytes, mask);
      v128.store(at, v128.xor(v128.load(at), change));
      // A byte that the mask calls changed but that is 0 would be a second way to say the same, and so would a mask of 0.
      wrong |= (changedBytes(change) ^ mask) | ((mask - 1) >> 31);
      source = bytes + <usize>popcnt<u32>(mask);
      target = at + GROUP;
    }
  }
  return source == sourceEnd && wrong == 0 ? 1 : 0;
}

function putFull(at: usize, run: usize): usize {
  for (; run >= RUN_MAX; run -= RUN_MAX) {
    store<u8>(at, <u8>RUN_MAX);
    at += 1;
  }
  return at;
}

// Which groups of a changed block changed is hard to foresee, so there is no branch: all is stored, the bytes of each half
// as eight however few are meant, and `at` says how much of it stays. What comes next overwrites the surplus, and
// deltaBound has room for it at the end: the surplus of a group ends at most GROUP_BYTES_MAX behind `at`.
function putGroup(at: usize, run: usize, mask: u32, change: v128): usize {
  const low = <usize>(mask & 0xff);
  const high = <usize>(mask >> 8);
  const bytes = at + HEAD;
  store<u32>(at, <u32>run | (mask << 8));
  v128.store64_lane(bytes, i8x16.swizzle(change, v128.load64_zero(PACK_LOW + low * 8)), 0);
  const highBytes = bytes + <usize>popcnt<usize>(low);
  v128.store64_lane(highBytes, i8x16.swizzle(change, v128.load64_zero(PACK_HIGH + high * 8)), 0);
  return mask == 0 ? at : bytes + <usize>popcnt<u32>(mask);
}

function runAfter(run: usize, mask: u32): usize {
  return mask == 0 ? run + 1 : 0;
}

// Of a block in which some group changed.
function unchangedBefore(mask0: u32, mask1: u32, mask2: u32): usize {
  if (mask0 != 0) return 0;
  if (mask1 != 0) return 1;
  return mask2 != 0 ? 2 : 3;
}

function completed(at: usize, bytes: usize, block: usize): usize {
  memory.fill(block, 0, BLOCK);
  memory.copy(block, at, bytes);
  return block;
}

// Applies a mask and its changed bytes to a group of which `room` bytes exist. Returns what it took of the source, or 0
// if that is cut, says nothing, or says it in a second way.
function patchBytes(group: usize, room: usize, source: usize, sourceLeft: usize): usize {
  if (sourceLeft < MASK_BYTES) return 0;
  const mask = <u32>load<u16>(source);
  const size = MASK_BYTES + <usize>popcnt<u32>(mask);
  if (mask == 0 || mask >> <u32>room != 0 || size > sourceLeft) return 0;
  source += MASK_BYTES;
  for (let left = mask; left != 0; left &= left - 1) {
    const at = group + <usize>ctz<u32>(left);
    const change = load<u8>(source);
    if (change == 0) return 0;
    store<u8>(at, load<u8>(at) ^ change);
    source += 1;
  }
  return size;
}

function spread(at: usize, mask: u32): v128 {
  const low = <usize>(mask & 0xff);
  const high = <usize>(mask >> 8);
  const first = i8x16.swizzle(v128.load64_zero(at), v128.load64_zero(SPREAD + low * 8));
  at += <usize>popcnt<usize>(low);
  const second = i8x16.swizzle(v128.load64_zero(at), v128.load64_zero(SPREAD + high * 8));
  return v128.shuffle<i64>(first, second, 0, 2);
}

function changedBytes(change: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(change, i64x2.splat(0))) ^ 0xffff;
}

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
