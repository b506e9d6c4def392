// XXH3-64 with seed 0: the published hash, with SIMD lanes for inputs above 240 bytes.

import { SECRET } from "./secret";

// Source: xxhash_spec.md, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md. Names are the spec's.
const PRIME32_1: u64 = 0x9e3779b1;
const PRIME32_2: u64 = 0x85ebca77;
const PRIME32_3: u64 = 0xc2b2ae3d;
const PRIME64_1: u64 = 0x9e3779b185ebca87;
const PRIME64_2: u64 = 0xc2b2ae3d27d4eb4f;
const PRIME64_3: u64 = 0x165667b19e3779f9;
const PRIME64_4: u64 = 0x85ebca77c2b2ae63;
const PRIME64_5: u64 = 0x27d4eb2f165667c5;
const PRIME_MX1: u64 = 0x165667919e3779f9;
const PRIME_MX2: u64 = 0x9fb21c651e98df25;

// A stripe is 64 bytes of input under 64 bytes of secret; each next stripe of a block moves the secret on by 8.
const STRIPE: usize = 64;
const SECRET_STEP: usize = 8;
// 192 - 64: where the block's last stripe ends, and the secret that scrambles the accumulators after it begins.
const SCRAMBLE: usize = SECRET + 128;
// The spec's odd offsets: the input's last 64 bytes, and the merge, see parts of the secret no other stripe sees.
const LAST_STRIPE: usize = SECRET + 121;
const MERGE: usize = SECRET + 11;

const START: usize = memory.data<u64>(
  [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1],
  16,
);

/** XXH3-64 of [at, at + length). Any alignment; reads nothing outside. */
export function xxh3(at: usize, length: usize): u64 {
  if (length > 240) return long(at, length);
  if (length > 128) return upTo240(at, length);
  if (length > 16) return upTo128(at, length);
  if (length > 8) return upTo16(at, length);
  if (length >= 4) return upTo8(at, length);
  if (length > 0) return upTo3(at, length);
  return avalanche64(load<u64>(SECRET, 56) ^ load<u64>(SECRET, 64));
}

function upTo3(at: usize, length: usize): u64 {
  const first = <u32>load<u8>(at);
  const middle = <u32>load<u8>(at + (length >> 1));
  const last = <u32>load<u8>(at + length - 1);
  const combined = (first << 16) | (middle << 24) | last | ((<u32>length) << 8);
  return avalanche64(<u64>combined ^ <u64>(load<u32>(SECRET) ^ load<u32>(SECRET, 4)));
}

function upTo8(at: usize, length: usize): u64 {
  const first = <u64>load<u32>(at);
  const last = <u64>load<u32>(at + length - 4);
  let h = (last + (first << 32)) ^ (load<u64>(SECRET, 8) ^ load<u64>(SECRET, 16));
  h ^= rotl<u64>(h, 49) ^ rotl<u64>(h, 24);
  h *= PRIME_MX2;
  h ^= (h >> 35) + <u64>length;
  h *= PRIME_MX2;
  return h ^ (h >> 28);
}

function upTo16(at: usize, length: usize): u64 {
  const low = load<u64>(at) ^ (load<u64>(SECRET, 24) ^ load<u64>(SECRET, 32));
  const high = load<u64>(at + length - 8) ^ (load<u64>(SECRET, 40) ^ load<u64>(SECRET, 48));
  return avalanche(<u64>length + bswap<u64>(low) + high + mulFold(low, high));
}

// From both ends inwards, in pairs of 16 bytes.
function upTo128(at: usize, length: usize): u64 {
  const end = at + length;
  let h = <u64>length * PRIME64_1;
  for (let i = (length - 1) >> 5; i > 0; i--) {
    h += mix16(at + (i << 4), SECRET + (i << 5));
    h += mix16(end - 16 - (i << 4), SECRET + 16 + (i << 5));
  }
  h += mix16(at, SECRET) + mix16(end - 16, SECRET + 16);
  return avalanche(h);
}

function upTo240(at: usize, length: usize): u64 {
  const whole = length & ~15;
  let h = <u64>length * PRIME64_1;
  for (let i: usize = 0; i < 128; i += 16) h += mix16(at + i, SECRET + i);
  h = avalanche(h);
  for (let i: usize = 128; i < whole; i += 16) h += mix16(at + i, SECRET + 3 + (i - 128));
  h += mix16(at + length - 16, SECRET + 136 - 17);
  return avalanche(h);
}

// Four vectors hold the spec's eight accumulators. The last stripe, always the last 64 bytes of the input, goes through
// the same loop body: asc has no way to share a body that yields four values.
function long(at: usize, length: usize): u64 {
  const last = at + length - STRIPE;
  let acc0 = v128.load(START);
  let acc1 = v128.load(START, 16);
  let acc2 = v128.load(START, 32);
  let acc3 = v128.load(START, 48);
  let secret = SECRET;
  for (;;) {
    const data0 = v128.load(at);
    const data1 = v128.load(at, 16);
    const data2 = v128.load(at, 32);
    const data3 = v128.load(at, 48);
    const key0 = v128.xor(data0, v128.load(secret));
    const key1 = v128.xor(data1, v128.load(secret, 16));
    const key2 = v128.xor(data2, v128.load(secret, 32));
    const key3 = v128.xor(data3, v128.load(secret, 48));
    // Low and high halves of two vectors at once, so that two wide multiplications serve four lanes.
    const low01 = evens(key0, key1);
    const high01 = odds(key0, key1);
    const low23 = evens(key2, key3);
    const high23 = odds(key2, key3);
    acc0 = accumulate(acc0, data0, i64x2.extmul_low_i32x4_u(low01, high01));
    acc1 = accumulate(acc1, data1, i64x2.extmul_high_i32x4_u(low01, high01));
    acc2 = accumulate(acc2, data2, i64x2.extmul_low_i32x4_u(low23, high23));
    acc3 = accumulate(acc3, data3, i64x2.extmul_high_i32x4_u(low23, high23));
    if (secret == LAST_STRIPE) break;

    at += STRIPE;
    secret += SECRET_STEP;
    if (secret == SCRAMBLE) {
      acc0 = scramble(acc0, v128.load(SCRAMBLE));
      acc1 = scramble(acc1, v128.load(SCRAMBLE, 16));
      acc2 = scramble(acc2, v128.load(SCRAMBLE, 32));
      acc3 = scramble(acc3, v128.load(SCRAMBLE, 48));
      secret = SECRET;
    }
    if (at >= last) {
      at = last;
      secret = LAST_STRIPE;
    }
  }
  let h = <u64>length * PRIME64_1;
  h += merge(acc0, MERGE) + merge(acc1, MERGE + 16);
  h += merge(acc2, MERGE + 32) + merge(acc3, MERGE + 48);
  return avalanche(h);
}

function evens(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

function odds(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

// Each lane takes its own product and its neighbour's input, so that a product of zero loses nothing.
function accumulate(acc: v128, input: v128, product: v128): v128 {
  const swapped = v128.shuffle<i64>(input, input, 1, 0);
  return i64x2.add(acc, i64x2.add(swapped, product));
}

function scramble(acc: v128, key: v128): v128 {
  const folded = v128.xor(v128.xor(acc, i64x2.shr_u(acc, 47)), key);
  return i64x2.mul(folded, i64x2.splat(PRIME32_1));
}

function merge(acc: v128, secret: usize): u64 {
  return mulFold(i64x2.extract_lane(acc, 0) ^ load<u64>(secret), i64x2.extract_lane(acc, 1) ^ load<u64>(secret, 8));
}

function mix16(at: usize, secret: usize): u64 {
  return mulFold(load<u64>(at) ^ load<u64>(secret), load<u64>(at, 8) ^ load<u64>(secret, 8));
}

// The 128-bit product's halves, xored. WebAssembly has no high multiply, so four 32-bit ones build it.
function mulFold(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const lowLow = aLow * bLow;
  const highLow = aHigh * bLow;
  const cross = (lowLow >> 32) + (highLow & 0xffffffff) + aLow * bHigh;
  const upper = (highLow >> 32) + (cross >> 32) + aHigh * bHigh;
  const lower = (cross << 32) | (lowLow & 0xffffffff);
  return upper ^ lower;
}

function avalanche(h: u64): u64 {
  h ^= h >> 37;
  h *= PRIME_MX1;
  return h ^ (h >> 32);
}

// XXH64's finish, which XXH3 keeps for its shortest inputs.
function avalanche64(h: u64): u64 {
  h ^= h >> 33;
  h *= PRIME64_2;
  h ^= h >> 29;
  h *= PRIME64_3;
  return h ^ (h >> 32);
}
