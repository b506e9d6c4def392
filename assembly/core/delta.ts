// The difference of two states of one length: by how much each 16-bit number changed, with those left out that did not.

// Both states are cut into blocks of 128 bytes, each of eight groups of eight 16-bit numbers; a shorter last block counts as
// padded with zeroes. What a number changes by, modulo 2^16, is low + 256 * high, both from -128 to 127: so a high is 0 for a
// small step down as for one up, and two neighbours of a byte each may still change apart. The eight lows of a group are
// one half of it, the eight highs the other.
//
//   delta := { run | block }           until every block is covered
//   run   := 00 less:u8                less + 1 unchanged blocks; behind a run comes another only if it has all 256
//   block := groups:u8 forms { mask:u8 } { half }
//                                      bit g of groups set: group g differs; groups is not 0
//   forms := { lows:2 highs:2 }        of each group that differs, lowest bits first, filled up with zeroes to a byte:
//            0 none  no number of the half differs: no mask, no bytes
//            1 some  not all differ, and bit i of the mask is set if i does; each that does is a byte
//            2 all   eight bytes
//            3 near  all differ, and lie within 16 of each other: the least of them, and what each is above it in four bits
//
// The masks stand before all the halves, so that where a half begins does not hang on a load for the half before.
// There is exactly one delta for a pair of states, and no delta is the beginning of another: the decoder insists on both.
import { PACK_HIGH, PACK_LOW, SPREAD } from "./swizzles";

const GROUP: usize = 16;
const GROUPS: usize = 8;
const BLOCK: usize = GROUPS * GROUP;
const HALF: usize = 8;
const NONE: u32 = 0;
const SOME: u32 = 1;
const ALL: u32 = 2;
const NEAR: u32 = 3;
const NEAR_RANGE: u8 = 16;
const NEAR_BYTES: usize = 1 + HALF / 2;
const RUN_BYTES: usize = 2;
const RUN_MAX: usize = 256;
// More than encode makes of a block, since a stranger may send masks with all bits.
const BLOCK_BYTES_MAX: usize = 1 + GROUPS / 2 + 2 * GROUPS * (1 + HALF);

// Of the block being written: its changes, and a mask for each half of which differ, and of which are too far for NEAR.
const CHANGES: usize = memory.data(128, 16);
const MASKS: usize = memory.data(16, 16);
const FARS: usize = memory.data(16, 16);
// Where states that end inside a block are completed with zeroes, so that vector loads and stores stay inside.
const BASE_END: usize = memory.data(128, 16);
const TARGET_END: usize = memory.data(128 + 16, 16);
// Where the end of a delta is read from: less than BLOCK_BYTES_MAX, with room to read a largest block from its last byte.
const SOURCE_END: usize = memory.data(2 * 149, 16);

/** An upper bound of what `deltaEncode` writes for states of `length` bytes, its over-write included. */
export function deltaBound(length: usize): usize {
  return blocksOf(length) * BLOCK_BYTES_MAX;
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
    for (; target < end; target += BLOCK, base += BLOCK) {
      if (isSame(target, base)) {
        run += 1;
        continue;
      }
      at = putBlock(putRun(at, run), target, base);
      run = 0;
    }
    if (rest == 0 || end == TARGET_END + BLOCK) break;
    base = completed(base, rest, BASE_END);
    target = completed(target, rest, TARGET_END);
    end = target + BLOCK;
  }
  if (run > 0) at = putRun(at, run);
  return at - out;
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
  const rest = length % BLOCK;
  let sourceEnd = source + sourceLength;
  // What begins before this can be loaded as if it were the largest block.
  let roomyEnd = sourceEnd - min(sourceLength, BLOCK_BYTES_MAX - 1);
  let blocksLeft = blocksOf(length);
  let mayRun = true;
  let wrong: u32 = 0;
  // The ifs stay apart because asc makes a value of a condition with ||.
  while (blocksLeft > 0) {
    if (source >= roomyEnd) {
      // Cut, or the end has been moved already and its last block took more than there is.
      if (source >= sourceEnd) return 0;
      const tail = sourceEnd - source;
      memory.copy(SOURCE_END, source, tail);
      source = SOURCE_END;
      sourceEnd = SOURCE_END + tail;
      roomyEnd = sourceEnd;
    }
    const groups = <u32>load<u8>(source);
    if (groups == 0) {
      const run = <usize>load<u8>(source, 1) + 1;
      if (!mayRun) return 0;
      if (run > blocksLeft) return 0;
      mayRun = run == RUN_MAX;
      source += RUN_BYTES;
      target += run * BLOCK;
      blocksLeft -= run;
      continue;
    }
    mayRun = true;
    const part = blocksLeft == 1 ? rest : 0;
    const block = part == 0 ? target : completed(target, part, TARGET_END);
    const formBytes = (popcnt<u32>(groups) + 1) / 2;
    let forms = load<u32>(source, 1) & (0xffffffff >> (32 - 8 * formBytes));
    let maskAt = source + 1 + <usize>formBytes;
    source = maskAt + <usize>popcnt<u32>(forms & ~(forms >> 1) & 0x55555555);
    for (let left = groups; left != 0; left &= left - 1) {
      const at = block + <usize>ctz<u32>(left) * GROUP;
      const lowForm = forms & 3;
      const highForm = (forms >> 2) & 3;
      forms >>= 4;
      const lowMask = maskOf(lowForm, maskAt);
      maskAt += lowForm == SOME ? 1 : 0;
      const highMask = maskOf(highForm, maskAt);
      maskAt += highForm == SOME ? 1 : 0;
      const highAt = source + bytesOf(lowForm, lowMask);
      const change = v128.shuffle<i64>(half(source, lowForm, lowMask), half(highAt, highForm, highMask), 0, 2);
      if (lowForm == NEAR) wrong |= hasNoLeast(source);
      if (highForm == NEAR) wrong |= hasNoLeast(highAt);
      source = highAt + bytesOf(highForm, highMask);
      // A number that its mask calls changed but that is 0 would be a second way to say the same, and so would another form,
      // or none in both halves. The verdict comes at the end: nothing waits for it.
      const mask = lowMask | (highMask << 8);
      wrong |= (changed(change) ^ mask) | (formsOf(change, mask) ^ (lowForm | (highForm << 2))) | ((mask - 1) >> 31);
      v128.store(at, i16x8.add(v128.load(at), joined(change)));
    }
    // What is left filled them up.
    wrong |= forms;
    if (part != 0) {
      memory.copy(target, block, part);
      for (let i = part; i < BLOCK; i += GROUP) wrong |= <u32>v128.any_true(v128.load(block + i));
    }
    target += BLOCK;
    blocksLeft -= 1;
  }
  return source == sourceEnd && wrong == 0 ? 1 : 0;
}

function blocksOf(length: usize): usize {
  return (length + BLOCK - 1) / BLOCK;
}

function completed(at: usize, bytes: usize, block: usize): usize {
  memory.fill(block, 0, BLOCK);
  memory.copy(block, at, bytes);
  return block;
}

function isSame(target: usize, base: usize): bool {
  return !v128.any_true(v128.or(differences(target, base), differences(target + BLOCK / 2, base + BLOCK / 2)));
}

// Spelled out, since no loop is unrolled: of most of a state this is all that happens.
function differences(target: usize, base: usize): v128 {
  const difference0 = v128.xor(v128.load(target), v128.load(base));
  const difference1 = v128.xor(v128.load(target, 16), v128.load(base, 16));
  const difference2 = v128.xor(v128.load(target, 32), v128.load(base, 32));
  const difference3 = v128.xor(v128.load(target, 48), v128.load(base, 48));
  return v128.or(v128.or(difference0, difference1), v128.or(difference2, difference3));
}

// Whether there is a run is hard to foresee, so one of 0 is stored too, for the block behind it to overwrite.
function putRun(at: usize, run: usize): usize {
  for (; run > RUN_MAX; run -= RUN_MAX) {
    store<u16>(at, 0xff00);
    at += RUN_BYTES;
  }
  store<u16>(at, <u16>((run - 1) << 8));
  return run == 0 ? at : at + RUN_BYTES;
}

function putBlock(at: usize, target: usize, base: usize): usize {
  let masks0: u64 = 0;
  let masks4: u64 = 0;
  for (let i: usize = 0; i < BLOCK / 2; i += GROUP) {
    const change0 = split(i16x8.sub(v128.load(target + i), v128.load(base + i)));
    const change4 = split(i16x8.sub(v128.load(target + i, 64), v128.load(base + i, 64)));
    v128.store(CHANGES + i, change0);
    v128.store(CHANGES + i, change4, 64);
    // Gathered here, since a vector loaded from sixteen bytes just stored has to wait for them.
    masks0 |= (<u64>changed(change0)) << (<u64>i);
    masks4 |= (<u64>changed(change4)) << (<u64>i);
  }
  const masks = i64x2.replace_lane(i64x2.splat(masks0), 1, masks4);
  v128.store(MASKS, masks);
  const all = i8x16.eq(masks, i64x2.splat(-1));
  const near = v128.any_true(all) ? v128.and(all, nearHalves()) : i64x2.splat(0);
  at = putHead(at, masks, all, near);
  const nears = <u32>i8x16.bitmask(near);
  for (let left = <u32>i16x8.bitmask(i16x8.ne(masks, i64x2.splat(0))); left != 0; left &= left - 1) {
    const group = ctz<u32>(left);
    const change = v128.load(CHANGES + <usize>group * GROUP);
    const mask = <u32>load<u16>(MASKS + <usize>group * 2);
    const itsNears = (nears >> (2 * group)) & 3;
    at = itsNears == 0 ? putBytes(at, mask, change) : putNear(at, mask, itsNears, change);
  }
  return at;
}

function nearHalves(): v128 {
  for (let i: usize = 0; i < BLOCK; i += GROUP) store<u16>(FARS + i / HALF, <u16>far(v128.load(CHANGES + i)));
  return i8x16.eq(v128.load(FARS), i64x2.splat(0));
}

// As many bytes are stored as a head may have, and what comes next overwrites the surplus.
function putHead(at: usize, masks: v128, all: v128, near: v128): usize {
  const some = v128.not(v128.or(all, i8x16.eq(masks, i64x2.splat(0))));
  const halves = v128.or(v128.and(v128.or(some, near), i8x16.splat(1)), v128.and(all, i8x16.splat(2)));
  const pairs = v128.and(v128.or(halves, i16x8.shr_u(halves, 6)), i16x8.splat(15));
  const forms = i8x16.narrow_i16x8_u(pairs, i64x2.splat(0));
  const groups = <usize>i8x16.bitmask(i8x16.ne(forms, i64x2.splat(0)));
  store<u8>(at, <u8>groups);
  v128.store32_lane(at, packFours(i8x16.swizzle(forms, v128.load64_zero(PACK_LOW + groups * 8))), 0, 1);
  return putBytes(at + 1 + (<usize>popcnt<usize>(groups) + 1) / 2, <u32>i8x16.bitmask(some), masks);
}

// How many differ is hard to foresee, so there is no branch: of both halves eight bytes are stored however few are meant, and
// `at` says how much of them stays. What comes next overwrites the surplus, and deltaBound has room for it at the end.
function putBytes(at: usize, mask: u32, bytes: v128): usize {
  const low = <usize>(mask & 0xff);
  const high = <usize>(mask >> 8);
  v128.store64_lane(at, i8x16.swizzle(bytes, v128.load64_zero(PACK_LOW + low * 8)), 0);
  at += <usize>popcnt<usize>(low);
  v128.store64_lane(at, i8x16.swizzle(bytes, v128.load64_zero(PACK_HIGH + high * 8)), 0);
  return at + <usize>popcnt<usize>(high);
}

function putNear(at: usize, mask: u32, nears: u32, change: v128): usize {
  const floor = least(change);
  const above = packFours(i8x16.sub(change, floor));
  v128.store8_lane(at, floor, 0);
  v128.store32_lane(at, above, 0, 1);
  at = (nears & 1) == 0 ? putBytes(at, mask & 0xff, change) : at + NEAR_BYTES;
  v128.store8_lane(at, floor, 8);
  v128.store32_lane(at, above, 1, 1);
  return (nears & 2) == 0 ? putBytes(at, mask & 0xff00, change) : at + NEAR_BYTES;
}

// Narrowing instead of shuffling, here and below: an engine may load the indices of a shuffle each time anew.
function split(change: v128): v128 {
  const highs = i16x8.shr_u(i16x8.add(change, i16x8.splat(128)), 8);
  return i8x16.narrow_i16x8_u(v128.and(change, i16x8.splat(0xff)), highs);
}

function joined(change: v128): v128 {
  return i16x8.add(i16x8.extend_low_i8x16_s(change), i16x8.shl(i16x8.extend_high_i8x16_s(change), 8));
}

function changed(change: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(change, i64x2.splat(0))) ^ 0xffff;
}

function far(change: v128): u32 {
  return <u32>i8x16.bitmask(i8x16.ge_u(i8x16.sub(change, least(change)), i8x16.splat(NEAR_RANGE)));
}

// The least of each half, in all its places.
function least(change: v128): v128 {
  const ofTwo = i8x16.min_s(change, v128.or(i16x8.shl(change, 8), i16x8.shr_u(change, 8)));
  const ofFour = i8x16.min_s(ofTwo, v128.shuffle<i16>(ofTwo, ofTwo, 1, 0, 3, 2, 5, 4, 7, 6));
  return i8x16.min_s(ofFour, v128.shuffle<i32>(ofFour, ofFour, 1, 0, 3, 2));
}

function packFours(bytes: v128): v128 {
  const pairs = v128.and(v128.or(bytes, i16x8.shr_u(bytes, 4)), i16x8.splat(0xff));
  return i8x16.narrow_i16x8_u(pairs, pairs);
}

function foursAt(at: usize): v128 {
  const pairs = i16x8.extend_low_i8x16_u(v128.load32_zero(at));
  return v128.and(v128.or(pairs, i16x8.shl(pairs, 4)), i8x16.splat(15));
}

// Which form comes is hard to foresee, so there is no branch: select has none, where ?: would for the load.
function maskOf(form: u32, maskAt: usize): u32 {
  return select<u32>(load<u8>(maskAt), form == NONE ? 0 : 0xff, form == SOME);
}

function bytesOf(form: u32, mask: u32): usize {
  return form == NEAR ? NEAR_BYTES : <usize>popcnt<u32>(mask);
}

function half(at: usize, form: u32, mask: u32): v128 {
  if (form == NEAR) return i8x16.add(v128.load8_splat(at), foursAt(at + 1));
  return i8x16.swizzle(v128.load64_zero(at), v128.load64_zero(SPREAD + <usize>mask * 8));
}

// Whether none of a near half is what is told to be the least: another least would do as well.
function hasNoLeast(at: usize): u32 {
  return (i8x16.bitmask(i8x16.eq(foursAt(at + 1), i64x2.splat(0))) & 0xff) == 0 ? 1 : 0;
}

// The only forms that a change may have.
function formsOf(change: v128, mask: u32): u32 {
  const forms = formOf(mask & 0xff) | (formOf(mask >> 8) << 2);
  if ((forms & 10) == 0) return forms;
  const fars = far(change);
  return forms | ((fars & 0xff) == 0 ? (forms >> 1) & 1 : 0) | (fars >> 8 == 0 ? (forms >> 1) & 4 : 0);
}

// Without regard to near.
function formOf(mask: u32): u32 {
  return select<u32>(NONE, select<u32>(ALL, SOME, mask == 0xff), mask == 0);
}
