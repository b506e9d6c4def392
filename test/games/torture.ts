// Every way to make a NaN and to let its bits be seen: a game that no two engines play alike, unless the toolchain sees to it.
import { arena, inputOf, Numbers, numbers } from "../../assembly/sdk";

export const playersMin = 2;
export const playersMax = 2;

@input
export class Feed {
  a: f32;
  b: f32;
  c: f64;
  d: f64;
}
@state
export class World {
  frame: u32;
  zero: f32;
  one: f32;
  huge: f64;
  singles: Numbers<f32> = numbers<f32>(48);
  doubles: Numbers<f64> = numbers<f64>(64);
  words: Numbers<u32> = numbers<u32>(16);
  longs: Numbers<u64> = numbers<u64>(16);
  vectors: Numbers<u64> = numbers<u64>(96);
}
export const world = arena<World>();

export function init(): void {
  world.zero = 0;
  world.one = 1;
  world.huge = 1e308;
}

export function step(): void {
  const mine = inputOf<Feed>(0);
  const yours = inputOf<Feed>(1);
  singles(mine.a, yours.b);
  doubles(mine.c, yours.d);
  bits(yours.a, mine.b, yours.c, mine.d);
  vectors(mine.a, yours.a, mine.c, yours.d);
  mathematics(mine.b, yours.c);
  world.frame++;
}

let next: i32 = 0;

function single(value: f32): void {
  world.singles.set(next++, value);
}

function double(value: f64): void {
  world.doubles.set(next++, value);
}

function vector(value: v128): void {
  v128.store(changetype<usize>(world.vectors) + <usize>(16 * next++), value);
}

function singles(a: f32, b: f32): void {
  next = 0;
  const zero = world.zero;
  const one = world.one;
  single(zero / zero);
  single(sqrt<f32>(-one));
  single(one / zero - one / zero);
  single(zero * (one / zero));
  single(a + b);
  single(b + a);
  single(a - b);
  single(a * b);
  single(a / b);
  single(min<f32>(a, one));
  single(min<f32>(a, b));
  single(max<f32>(one, b));
  single(max<f32>(a, b));
  single(ceil<f32>(a));
  single(floor<f32>(b));
  single(trunc<f32>(a));
  single(nearest<f32>(b));
  single(abs<f32>(zero / zero));
  single(-(a + b));
  single(copysign<f32>(one, min<f32>(zero / zero, one)));
  single(copysign<f32>(a, b * a));
  single(<f32>(<f64>a + <f64>b));
  single(<f32>(<f64>a));
  // What the last step left, in a longer and longer chain.
  single(world.singles.get(next) + a * one);
  single(world.singles.get(next) * b - a);
  single(a < b ? a * b : b + a);
  single(select<f32>(a - b, b - a, world.frame & 1));
}

function doubles(c: f64, d: f64): void {
  next = 0;
  const zero = <f64>world.zero;
  const huge = world.huge;
  double(zero / zero);
  double(sqrt<f64>(-huge));
  double(huge * huge - huge * huge);
  double(c + d);
  double(d + c);
  double(c - d);
  double(c * d);
  double(c / d);
  double(min<f64>(c, huge));
  double(max<f64>(c, d));
  double(ceil<f64>(c));
  double(floor<f64>(d));
  double(trunc<f64>(c));
  double(nearest<f64>(d));
  double(copysign<f64>(huge, min<f64>(zero / zero, huge)));
  double(<f64>(<f32>c));
  double(-(c * d));
  double(world.doubles.get(next) + d * zero);
  double(world.doubles.get(next) / c);
}

function bits(a: f32, b: f32, c: f64, d: f64): void {
  next = 0;
  world.words.set(next++, reinterpret<u32>(a + b));
  world.words.set(next++, reinterpret<u32>(world.zero / world.zero) >> 31);
  world.words.set(next++, <u32>(<i32>(a * b)));
  world.words.set(next++, (a + b == b + a ? 1 : 0) | (a * b < a ? 2 : 0));
  world.longs.set(next++, reinterpret<u64>(c + d));
  world.longs.set(next++, reinterpret<u64>(sqrt<f64>(c) * d) >>> 52);
  world.longs.set(next++, <u64>(<i64>(c / d)));
}

function vectors(a: f32, b: f32, c: f64, d: f64): void {
  next = 0;
  const zero = f32x4.splat(world.zero);
  const x = f32x4.replace_lane(f32x4.splat(a * b), 2, a + b);
  const y = f32x4.replace_lane(f32x4.splat(b), 1, a);
  vector(x);
  vector(f32x4.div(zero, zero));
  vector(f32x4.add(x, y));
  vector(f32x4.add(y, x));
  vector(f32x4.sub(x, y));
  vector(f32x4.mul(y, y));
  vector(f32x4.min(x, y));
  vector(f32x4.pmin(x, y));
  vector(f32x4.pmax(y, x));
  vector(f32x4.sqrt(y));
  vector(f32x4.ceil(y));
  vector(f32x4.floor(y));
  vector(f32x4.trunc(y));
  vector(f32x4.nearest(y));
  vector(f32x4.neg(f32x4.mul(f32x4.sub(y, x), f32x4.add(x, y))));
  vector(f32x4.abs(f32x4.div(x, zero)));
  vector(v128.and(f32x4.div(zero, zero), f32x4.eq(f32x4.add(x, y), x)));
  vector(v128.bitselect(f32x4.sqrt(y), f32x4.mul(x, y), f32x4.lt(x, y)));
  vector(i32x4.trunc_sat_f32x4_s(f32x4.mul(x, y)));
  vector(i32x4.add(f32x4.mul(x, y), i32x4.splat(1)));
  const v = f64x2.replace_lane(f64x2.splat(c * d), 1, c);
  const w = f64x2.replace_lane(f64x2.splat(d), 0, c + d);
  vector(f64x2.add(v, w));
  vector(f64x2.sub(w, v));
  vector(f64x2.mul(v, w));
  vector(f64x2.div(v, w));
  vector(f64x2.min(v, w));
  vector(f64x2.pmin(v, w));
  vector(f64x2.pmax(v, w));
  vector(f64x2.sqrt(w));
  vector(f64x2.ceil(v));
  vector(f64x2.floor(v));
  vector(f64x2.trunc(v));
  vector(f64x2.nearest(v));
  vector(f64x2.promote_low_f32x4(f32x4.add(x, y)));
  vector(f32x4.demote_f64x2_zero(f64x2.mul(v, w)));
  vector(f64x2.splat(<f64>f32x4.extract_lane(f32x4.sqrt(x), 0)));
  // What the last step left, in a longer and longer chain.
  vector(f32x4.add(v128.load(changetype<usize>(world.vectors) + 16 * <usize>next), y));
}

/** What the functions are, test/toolchain/mathematics.test.ts lists; here they meet NaNs and each other. */
function mathematics(a: f32, c: f64): void {
  next = 27;
  const angle = <f32>world.frame * 1000.5;
  single(Mathf.sin(angle) * Mathf.cos(a));
  single(Mathf.tan(angle) + Mathf.atan2(a, angle));
  single(Mathf.pow(abs<f32>(a), 0.3));
  single(Mathf.exp(a) - Mathf.log(angle));
  single(Mathf.hypot(a, angle));
  single(Mathf.acos(a));
  next = 19;
  double(Math.sin(c) + Math.cos(<f64>angle * 1e20));
  double(Math.tan(<f64>angle) * Math.atan2(c, 2));
  double(Math.pow(c, 0.7));
  double(Math.exp(c) - Math.log(c));
  double(Math.sinh(c) / Math.cbrt(c));
  double(Math.hypot(c, <f64>a));
  double(Math.log2(<f64>angle + 0.1));
  double(mod(c, 7.25));
}

function mod(x: f64, y: f64): f64 {
  return x % y;
}
