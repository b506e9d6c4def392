// Q16.16 fixed point: an i32 with 16 fraction bits, from -32768 to 32767.99998. Overflow wraps, as i32 does.
export type fixed = i32;

/** A constant: `fx(0.25)`, rounded to the nearest 2^-16. Folded by the compiler; with a variable it is computed in floats. */
export function fx(value: f64): fixed {
  return <fixed>nearest<f64>(value * 65536.0);
}

/** The product, rounded down. */
export function mul(a: fixed, b: fixed): fixed {
  return <fixed>((<i64>a * <i64>b) >> 16);
}

/** The quotient, rounded towards zero. Traps when b is zero. */
export function div(a: fixed, b: fixed): fixed {
  assert(b != 0, "division by zero");
  return <fixed>(((<i64>a) << 16) / <i64>b);
}

/** The square root, rounded down. Traps when the value is negative. */
export function sqrt(value: fixed): fixed {
  assert(value >= 0, "the square root of a negative number");
  if (value == 0) return 0;
  // The root of value * 2^16, one bit at a time from the highest bit it can have: at most 24 rounds.
  let rest = (<u64>value) << 16;
  let bit: u64 = 1;
  bit <<= (63 - clz<u64>(rest)) & ~1;
  let root: u64 = 0;
  while (bit != 0) {
    const tried = root + bit;
    root >>= 1;
    if (rest >= tried) {
      rest -= tried;
      root += bit;
    }
    bit >>= 2;
  }
  return <fixed>root;
}

/** The whole part, rounded down. */
export function toInt(value: fixed): i32 {
  return value >> 16;
}

export function fromInt(value: i32): fixed {
  return value << 16;
}
