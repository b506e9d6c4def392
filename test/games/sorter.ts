// Sorts what its input says by cell, and keeps the order in the state: how a test reaches the SDK's grid.
import { arena, inputLength, inputOf, NOWHERE, Numbers, numbers, sortByCell } from "../../assembly/sdk";

const CELLS = 12;
const THINGS = 64;
/** Stands for nowhere, in one byte. */
const NOT_HERE = 255;

const CELL_OF: usize = memory.data(2 * THINGS, 16);
const STARTS: usize = memory.data(2 * (CELLS + 2), 16);
const ORDER: usize = memory.data(2 * THINGS, 16);

@input
export class Cells {
  cells: Numbers<u8> = numbers<u8>(THINGS);
}
@state
export class World {
  count: i32;
  order: Numbers<u16> = numbers<u16>(THINGS);
  begins: Numbers<u16> = numbers<u16>(CELLS + 1);
}
export const world = arena<World>();

export function init(): void {}

export function step(): void {
  const things = inputLength(0);
  for (let thing = 0; thing < things; thing++) {
    const cell = <i32>inputOf<Cells>(0).cells.get(thing);
    store<u16>(CELL_OF + ((<usize>thing) << 1), <u16>(cell == NOT_HERE ? NOWHERE : cell));
  }
  world.count = sortByCell(CELL_OF, things, STARTS, CELLS, ORDER);
  for (let place = 0; place < world.count; place++) world.order.set(place, load<u16>(ORDER + ((<usize>place) << 1)));
  for (let cell = 0; cell <= CELLS; cell++) world.begins.set(cell, load<u16>(STARTS + ((<usize>cell) << 1)));
}
