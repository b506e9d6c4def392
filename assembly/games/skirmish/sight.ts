// Fog of war: who sees which cell, for all players at once, since a cell is a mask of seats.
import { cellOf, crowdOwner, crowdSize, unitIn } from "./crowd";
import { CELLS_ACROSS, Structure } from "./rules";
import { centreX, centreY } from "./structures";
import { world } from "./world";

// Rows of cells with a margin all around that nobody ever stands in, so that no neighbour has to be checked.
const STRIDE = 80;
const MARGIN = STRIDE + 16;
const MASKS: usize = memory.data(80 * 66, 16);
const WIDER: usize = memory.data(80 * 66, 16);

/** Everybody sees three cells around: plus, square, plus make an octagon. */
export function look(): void {
  memory.fill(MASKS, 0, STRIDE * (CELLS_ACROSS + 2));
  const count = crowdSize();
  for (let place = 0; place < count; place++) mark(cellOf(unitIn(place)), crowdOwner(place));
  const buildings = <i32>world.buildingsEnd;
  for (let index = 0; index < buildings; index++) {
    const building = world.buildings.at(index);
    if (building.kind != Structure.None)
      mark((centreY(building) >> 9) * CELLS_ACROSS + (centreX(building) >> 9), building.owner);
  }
  widenPlus(MASKS, WIDER);
  widenSquare(WIDER, MASKS);
  widenPlus(MASKS, WIDER);
  keep();
}

function mark(cell: i32, owner: i32): void {
  const at = MASKS + <usize>(MARGIN + (cell >> 6) * STRIDE + (cell & 63));
  const seat: i32 = 1 << owner;
  store<u8>(at, load<u8>(at) | <u8>seat);
}

function widenPlus(from: usize, to: usize): void {
  for (let row = 0; row < CELLS_ACROSS; row++) {
    const begin = <usize>(MARGIN + row * STRIDE);
    for (let at: usize = begin; at < begin + <usize>CELLS_ACROSS; at += 16) {
      const here = from + at;
      const sides = v128.or(v128.load(here - 1), v128.load(here + 1));
      const ends = v128.or(v128.load(here - STRIDE), v128.load(here + STRIDE));
      v128.store(to + at, v128.or(v128.load(here), v128.or(sides, ends)));
    }
  }
}

function widenSquare(from: usize, to: usize): void {
  for (let row = 0; row < CELLS_ACROSS; row++) {
    const begin = <usize>(MARGIN + row * STRIDE);
    for (let at: usize = begin; at < begin + <usize>CELLS_ACROSS; at += 16) {
      const here = from + at;
      const three = v128.or(acrossThree(here), v128.or(acrossThree(here - STRIDE), acrossThree(here + STRIDE)));
      v128.store(to + at, three);
    }
  }
}

function acrossThree(at: usize): v128 {
  return v128.or(v128.load(at), v128.or(v128.load(at - 1), v128.load(at + 1)));
}

function keep(): void {
  const seen = changetype<usize>(world.land.seen);
  const explored = changetype<usize>(world.land.explored);
  for (let row = 0; row < CELLS_ACROSS; row++) {
    for (let column: usize = 0; column < <usize>CELLS_ACROSS; column += 16) {
      const masks = v128.load(WIDER + <usize>(MARGIN + row * STRIDE) + column);
      const at = <usize>(row * CELLS_ACROSS) + column;
      v128.store(seen + at, masks);
      v128.store(explored + at, v128.or(v128.load(explored + at), masks));
    }
  }
}

/** Whether the seat sees this place now. */
export function sees(seat: i32, x: i32, y: i32): bool {
  return (<i32>world.land.seen.get((y >> 9) * CELLS_ACROSS + (x >> 9)) & (1 << seat)) != 0;
}

/** Whether the seat has ever seen this place. */
export function knows(seat: i32, x: i32, y: i32): bool {
  return (<i32>world.land.explored.get((y >> 9) * CELLS_ACROSS + (x >> 9)) & (1 << seat)) != 0;
}
