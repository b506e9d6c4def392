// The arena: one root object in place, with nested objects and arrays of fixed length inside it.
import { lengthOf, sizeOf } from "./layout";
import { phaseCell } from "./regions";

/** Stands where a type names an array without its length. Only an array that has one can be read or written. */
@unmanaged
export class AnyLength {}

/**
 * A fixed number of T objects, side by side. An index outside traps.
 *
 * The length is part of the type, so a check costs one compare with a constant. A function that takes such an
 * array is therefore generic in the length: `function heal<Length>(list: Slots<Fighter, Length>): void`.
 */
@unmanaged
export class Slots<T, Length = AnyLength> {
  get length(): i32 {
    return lengthOf<Length>();
  }
  at(index: i32): T {
    assert(<u32>index < <u32>lengthOf<Length>(), "Slots: the index is outside the array");
    return changetype<T>(changetype<usize>(this) + <usize>(index * sizeOf<T>()));
  }
}

/** A fixed number of T numbers, side by side. An index outside traps. Generic in its length, as Slots is. */
@unmanaged
export class Numbers<T, Length = AnyLength> {
  get length(): i32 {
    return lengthOf<Length>();
  }
  get(index: i32): T {
    assert(<u32>index < <u32>lengthOf<Length>(), "Numbers: the index is outside the array");
    return load<T>(changetype<usize>(this) + <usize>index * sizeof<T>());
  }
  set(index: i32, value: T): void {
    assert(<u32>index < <u32>lengthOf<Length>(), "Numbers: the index is outside the array");
    store<T>(changetype<usize>(this) + <usize>index * sizeof<T>(), value);
  }
}

/** The initialiser of a Slots field: how many T it holds. The count is a constant. */
export declare function slots<T>(count: i32): Slots<T>;
/** The initialiser of a Numbers field: how many numbers it holds. The count is a constant. */
export declare function numbers<T>(count: i32): Numbers<T>;
/** The root of the state. A game says `export const world = arena<World>();` once. */
export declare function arena<T>(): T;

/** Makes all fields of a @state object zero again, and those of all that is inside it. */
export function clear<T>(object: T): void {
  memory.fill(changetype<usize>(object), 0, <usize>sizeOf<T>());
}

/** Says which part of the step runs now, so that a desync or a trap can name it. One store. */
export function phase(number: i32): void {
  store<i32>(phaseCell, number);
}
