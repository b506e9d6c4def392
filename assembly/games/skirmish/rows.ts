// Rows of numbers by address, for the loops over all units: no bounds are checked here, so an index is one that was.

export function i16At(row: usize, index: i32): i32 {
  return <i32>load<i16>(row + ((<usize>index) << 1));
}

export function putI16(row: usize, index: i32, value: i32): void {
  store<i16>(row + ((<usize>index) << 1), <i16>value);
}

export function u16At(row: usize, index: i32): i32 {
  return <i32>load<u16>(row + ((<usize>index) << 1));
}

export function putU16(row: usize, index: i32, value: i32): void {
  store<u16>(row + ((<usize>index) << 1), <u16>value);
}

export function u8At(row: usize, index: i32): i32 {
  return <i32>load<u8>(row + <usize>index);
}

export function putU8(row: usize, index: i32, value: i32): void {
  store<u8>(row + <usize>index, <u8>value);
}

/** How far apart two places are: the longer side and half of the shorter one, at most an eighth more than the true distance. */
export function distance(dx: i32, dy: i32): i32 {
  const wide = abs<i32>(dx);
  const high = abs<i32>(dy);
  return max<i32>(wide, high) + (min<i32>(wide, high) >> 1);
}
