// The difference of two states of one length: XOR, with unchanged bytes left out.

// Both inputs are cut into groups of 16 bytes; a shorter last group counts as padded with unchanged bytes.
//
//   delta := { run group } [ run ]          until every group is covered; the last run only if groups are left over
//   run   := { ff } byte                    how many groups are unchanged: the sum of these bytes, the last one below ff
//   group := mask:u16 changed bytes         bit i set: byte i of the group differs, and its XOR follows; mask is not 0
//
// There is exactly one delta for a pair of states, and no delta is the beginning of another: the decoder insists on both.
const GROUP: usize = 16;
const MASK_BYTES: usize = 2;
const RUN_MAX: usize = 255;
// A lone changed group: one byte of run, its mask, and sixteen changed bytes.
const GROUP_BYTES_MAX: usize = 1 + MASK_BYTES + GROUP;
// What the decoder loads for one group before it knows how much of it there is.
const GROUP_READ: usize = MASK_BYTES + GROUP;

// For each mask of eight bits, eight indices for a swizzle. PACK brings the bytes of set bits together, SPREAD puts
// them back. ABSENT is out of a swizzle's range, which yields 0.
const PACK: usize = memory.data(256 * 8, 16);
const SPREAD: usize = memory.data(256 * 8, 16);
const ABSENT: u8 = 0x80;
// Where a group that ends early is completed, so that vector loads and stores stay inside.
const PARTIAL: usize = memory.data(16, 16);
const WINDOW: usize = memory.data(32, 16);

fillTables();

/** An upper bound of what `deltaEncode` writes for states of `length` bytes, its over-write included. */
export function deltaBound(length: usize): usize {
  return ((length + GROUP - 1) / GROUP) * GROUP_BYTES_MAX;
}

/**
 * Writes the delta that turns `base` into `target` to `out`, and returns its length. Both states are `length` bytes
 * and need no padding or alignment. `out` has `deltaBound(length)` bytes, all of which may be written, and overlaps neither.
 */
export function deltaEncode(base: usize, target: usize, length: usize, out: usize): usize {
  const rest = length % GROUP;
  const wholeEnd = target + length - rest;
  let at = out;
  let run: usize = 0;
  while (target < wholeEnd) {
    const change = v128.xor(v128.load(target), v128.load(base));
    target += GROUP;
    base += GROUP;
    if (!v128.any_true(change)) {
      run += 1;
      continue;
    }
    at = putGroup(putRun(at, run), change);
    run = 0;
  }
  if (rest > 0) {
    const change = v128.xor(loadPartial(target, rest), loadPartial(base, rest));
    if (v128.any_true(change)) return putGroup(putRun(at, run), change) - out;
    run += 1;
  }
  if (run > 0) at = putRun(at, run);
  return at - out;
}

/**
 * Rebuilds `target` from `base` and the delta at `source`. Returns 1 if the delta is the one `deltaEncode` writes for
 * some pair of states of `length` bytes; 0 if not, and then `target` is partly written. Whatever the bytes of `source`,
 * reads stay inside [source, source + sourceLength) and writes inside [target, target + length). Nothing needs padding.
 * `target` may be `base` itself (a delta applied in place); otherwise the areas do not overlap.
 */
export function deltaDecode(base: usize, source: usize, sourceLength: usize, target: usize, length: usize): i32 {
  const sourceEnd = source + sourceLength;
  const targetEnd = target + length;
  while (target < targetEnd) {
    if (source == sourceEnd) return 0;
    let byte = <usize>load<u8>(source);
    source += 1;
    if (byte > 0) {
      const groupsLeft = (targetEnd - target + GROUP - 1) / GROUP;
      let run = byte;
      while (byte == RUN_MAX) {
        if (source == sourceEnd || run > groupsLeft) return 0;
        byte = <usize>load<u8>(source);
        source += 1;
        run += byte;
      }
      if (run > groupsLeft) return 0;
      const unchanged = min(run * GROUP, targetEnd - target);
      memory.copy(target, base, unchanged);
      target += unchanged;
      base += unchanged;
      if (target == targetEnd) break;
    }

    const sourceLeft = sourceEnd - source;
    const at = sourceLeft < GROUP_READ ? windowed(source, sourceLeft) : source;
    const mask = <u32>load<u16>(at);
    const size = MASK_BYTES + <usize>popcnt<u32>(mask);
    if (size > sourceLeft) return 0;
    const change = spread(at + MASK_BYTES, mask);
    // A byte that the mask calls changed but that is 0 would be a second way to say the same, and so would a mask of 0.
    if (mask == 0 || changedBytes(change) != mask) return 0;
    source += size;

    const room = targetEnd - target;
    if (room < GROUP) {
      const beyond = mask >> <u32>room;
      if (beyond != 0) return 0;
      v128.store(PARTIAL, v128.xor(loadPartial(base, room), change));
      memory.copy(target, PARTIAL, room);
      break;
    }
    v128.store(target, v128.xor(v128.load(base), change));
    target += GROUP;
    base += GROUP;
  }
  return source == sourceEnd ? 1 : 0;
}

function putRun(at: usize, run: usize): usize {
  for (; run >= RUN_MAX; run -= RUN_MAX) {
    store<u8>(at, <u8>RUN_MAX);
    at += 1;
  }
  store<u8>(at, <u8>run);
  return at + 1;
}

// Stores eight bytes for each half however few are meant; what comes next overwrites the surplus, and deltaBound has
// room for it at the end: even a surplus ends at most GROUP_BYTES_MAX behind the run before it.
function putGroup(at: usize, change: v128): usize {
  const mask = changedBytes(change);
  const low = <usize>(mask & 0xff);
  const high = <usize>(mask >> 8);
  store<u16>(at, <u16>mask);
  at += MASK_BYTES;
  store<u64>(at, pack(change, low));
  at += <usize>popcnt<usize>(low);
  store<u64>(at, pack(v128.shuffle<i64>(change, change, 1, 1), high));
  return at + <usize>popcnt<usize>(high);
}

function pack(bytes: v128, mask: usize): u64 {
  return i64x2.extract_lane(i8x16.swizzle(bytes, v128.load64_zero(PACK + mask * 8)), 0);
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
  return <u32>i8x16.bitmask(i8x16.ne(change, i64x2.splat(0)));
}

// What an earlier call left behind the bytes is the same for both states of a pair, so their XOR is 0 there.
function loadPartial(at: usize, bytes: usize): v128 {
  memory.copy(PARTIAL, at, bytes);
  return v128.load(PARTIAL);
}

// The end of the source with room behind it. What an earlier call left there is never taken for input: the mask is
// checked against the bytes that are really left.
function windowed(source: usize, bytes: usize): usize {
  memory.copy(WINDOW, source, bytes);
  return WINDOW;
}

function fillTables(): void {
  memory.fill(PACK, ABSENT, 256 * 8);
  memory.fill(SPREAD, ABSENT, 256 * 8);
  for (let mask: usize = 0; mask < 256; mask++) {
    let rank: usize = 0;
    for (let bit: usize = 0; bit < 8; bit++) {
      if ((mask & (1 << bit)) == 0) continue;
      store<u8>(PACK + mask * 8 + rank, <u8>bit);
      store<u8>(SPREAD + mask * 8 + bit, <u8>rank);
      rank += 1;
    }
  }
}
