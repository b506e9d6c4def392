// The size, id and length of a class, known when the game is compiled.
// The toolchain writes the three methods into the classes it lays out; tsc cannot see them. They touch no memory, so a
// null receiver is enough and all of it folds away.

/** Bytes of one T in place, a multiple of eight. */
export function sizeOf<T>(): i32 {
  // @ts-expect-error
  return changetype<T>(0).__size();
}

/** The id the schema gives to T. */
export function idOf<T>(): i32 {
  // @ts-expect-error
  return changetype<T>(0).__id();
}

/** How many elements the field has that Length was made for. */
export function lengthOf<Length>(): i32 {
  // @ts-expect-error
  return changetype<Length>(0).__length();
}
