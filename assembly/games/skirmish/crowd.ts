// Who stands where in this frame: the units sorted by cell and copied side by side, so that neighbours are read eight at a time.
import { cellBegin, NOWHERE, sortByCell } from "../../sdk";
import { i16At, putI16, u8At, u16At } from "./rows";
import { CELLS, CELLS_ACROSS, Kind, NOBODY, UNITS } from "./rules";
import { world } from "./world";

// Eight more, so that the last vector may be loaded whole.
const ROOM = UNITS + 8;
const CELL_OF: usize = memory.data(2 * UNITS, 16);
const STARTS: usize = memory.data(2 * (CELLS + 2), 16);
const ORDER: usize = memory.data(2 * ROOM, 16);
const X: usize = memory.data(2 * ROOM, 16);
const Y: usize = memory.data(2 * ROOM, 16);
const OWNER: usize = memory.data(2 * ROOM, 16);
/** By unit, not by place in the crowd: 1 for who stays where it is in this frame. */
export const STANDS: usize = memory.data(UNITS, 16);

const CELL_BITS = 9;
const CELL_ROW_BITS = 6;

/** Sorts the living. */
export function gather(): void {
  const end = <i32>world.unitsEnd;
  findCells(end);
  const count = sortByCell(CELL_OF, end, STARTS, CELLS, ORDER);
  const x = changetype<usize>(world.units.x);
  const y = changetype<usize>(world.units.y);
  const owner = changetype<usize>(world.units.owner);
  for (let place = 0; place < count; place++) {
    const unit = u16At(ORDER, place);
    // The lowest bit of a place is stirred, so that units on one and the same spot can be pushed apart.
    putI16(X, place, i16At(x, unit) ^ (place & 1));
    putI16(Y, place, i16At(y, unit) ^ ((place >> 1) & 1));
    putI16(OWNER, place, u8At(owner, unit));
  }
  memory.fill(STANDS, 0, <usize>end);
}

/** The cells of all units, eight at a time; free places are nowhere. */
function findCells(end: i32): void {
  const x = changetype<usize>(world.units.x);
  const y = changetype<usize>(world.units.y);
  const kind = changetype<usize>(world.units.kind);
  const none = i16x8.splat(<i16>Kind.None);
  const nowhere = i16x8.splat(<i16>NOWHERE);
  for (let unit = 0; unit < end; unit += 8) {
    const at = (<usize>unit) << 1;
    const column = i16x8.shr_u(v128.load(x + at), CELL_BITS);
    const row = i16x8.shr_u(v128.load(y + at), CELL_BITS);
    const cell = v128.or(i16x8.shl(row, CELL_ROW_BITS), column);
    const free = i16x8.eq(v128.load_ext<u8>(kind + <usize>unit), none);
    v128.store(CELL_OF + at, v128.bitselect(nowhere, cell, free));
  }
}

/** How many live. */
export function crowdSize(): i32 {
  return cellBegin(STARTS, CELLS);
}

/** The unit in a place of the crowd. */
export function unitIn(place: i32): i32 {
  return u16At(ORDER, place);
}

export function crowdX(place: i32): i32 {
  return i16At(X, place);
}

export function crowdY(place: i32): i32 {
  return i16At(Y, place);
}

export function crowdOwner(place: i32): i32 {
  return i16At(OWNER, place);
}

export function cellOf(unit: i32): i32 {
  return u16At(CELL_OF, unit);
}

/** The cell column or row of a coordinate, or the nearest one on the map. */
function line(at: i32): i32 {
  return min<i32>(max<i32>(at >> CELL_BITS, 0), CELLS_ACROSS - 1);
}

/** The nearest unit of another owner within the radius, or NOBODY. Of equally near ones the first in the crowd. */
export function nearestEnemy(x: i32, y: i32, radius: i32, owner: i32): i32 {
  const left = line(x - radius);
  const right = line(x + radius);
  const bottom = line(y + radius);
  const x8 = i16x8.splat(<i16>x);
  const y8 = i16x8.splat(<i16>y);
  const mine = i16x8.splat(<i16>owner);
  const lanes = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  let best = i16x8.splat(<i16>(radius + 1));
  let bestPlace = i16x8.splat(<i16>NOBODY);
  for (let row = line(y - radius); row <= bottom; row++) {
    const end = cellBegin(STARTS, row * CELLS_ACROSS + right + 1);
    const end8 = i16x8.splat(<i16>end);
    for (let place = cellBegin(STARTS, row * CELLS_ACROSS + left); place < end; place += 8) {
      const at = (<usize>place) << 1;
      const wide = i16x8.abs(i16x8.sub(v128.load(X + at), x8));
      const high = i16x8.abs(i16x8.sub(v128.load(Y + at), y8));
      const far = i16x8.add(i16x8.max_s(wide, high), i16x8.shr_u(i16x8.min_s(wide, high), 1));
      const places = i16x8.add(i16x8.splat(<i16>place), lanes);
      const strangers = v128.andnot(i16x8.lt_s(places, end8), i16x8.eq(v128.load(OWNER + at), mine));
      const nearer = v128.and(strangers, i16x8.lt_s(far, best));
      best = v128.bitselect(far, best, nearer);
      bestPlace = v128.bitselect(places, bestPlace, nearer);
    }
  }
  const place = leastOf(best, bestPlace);
  return place == NOBODY ? NOBODY : unitIn(place);
}

/** The place in the lane of the least distance; of equal distances the lowest place. */
function leastOf(distances: v128, places: v128): i32 {
  const low = join(i32x4.extend_low_i16x8_u(distances), i32x4.extend_low_i16x8_u(places));
  const high = join(i32x4.extend_high_i16x8_u(distances), i32x4.extend_high_i16x8_u(places));
  const four = i32x4.min_s(low, high);
  const two = i32x4.min_s(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
  const one = i32x4.min_s(two, v128.shuffle<i32>(two, two, 1, 0, 3, 2));
  return i32x4.extract_lane(one, 0) & 0xffff;
}

function join(distances: v128, places: v128): v128 {
  return v128.or(i32x4.shl(distances, 16), places);
}

/**
 * How hard and whereto the neighbours of a place in the crowd push: y above x in 16 bits each, wrapped.
 * Each neighbour nearer than `spacing` pushes away from itself, most at half of that distance.
 */
export function pressure(place: i32, spacing: i32): i32 {
  const x = crowdX(place);
  const y = crowdY(place);
  const left = line(x - spacing);
  const right = line(x + spacing);
  const bottom = line(y + spacing);
  const x8 = i16x8.splat(<i16>x);
  const y8 = i16x8.splat(<i16>y);
  const spacing8 = i16x8.splat(<i16>spacing);
  const zero = i16x8.splat(0);
  const lanes = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  let pushX = zero;
  let pushY = zero;
  for (let row = line(y - spacing); row <= bottom; row++) {
    const end = cellBegin(STARTS, row * CELLS_ACROSS + right + 1);
    const end8 = i16x8.splat(<i16>end);
    for (let other = cellBegin(STARTS, row * CELLS_ACROSS + left); other < end; other += 8) {
      const at = (<usize>other) << 1;
      const dx = i16x8.sub(x8, v128.load(X + at));
      const dy = i16x8.sub(y8, v128.load(Y + at));
      const wide = i16x8.abs(dx);
      const high = i16x8.abs(dy);
      const far = i16x8.add(i16x8.max_s(wide, high), i16x8.shr_u(i16x8.min_s(wide, high), 1));
      const inside = i16x8.lt_s(i16x8.add(i16x8.splat(<i16>other), lanes), end8);
      const force = v128.and(i16x8.max_s(i16x8.sub(spacing8, far), zero), inside);
      // (4 d · 128 f + 2^14) >> 15 is (d · f + 32) >> 6: rounded, or a crowd would drift to one side.
      const scaled = i16x8.shl(force, 7);
      pushX = i16x8.add(pushX, i16x8.q15mulr_sat_s(i16x8.shl(dx, 2), scaled));
      pushY = i16x8.add(pushY, i16x8.q15mulr_sat_s(i16x8.shl(dy, 2), scaled));
    }
  }
  return (sumOf(pushY) << 16) | (sumOf(pushX) & 0xffff);
}

function sumOf(eight: v128): i32 {
  const four = i32x4.dot_i16x8_s(eight, i16x8.splat(1));
  const two = i32x4.add(four, v128.shuffle<i32>(four, four, 2, 3, 0, 1));
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1);
}
