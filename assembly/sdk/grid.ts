// A spatial grid: things sorted by the cell they are in, so that neighbours lie side by side.
//
// Its rows are plain memory outside of the state, because every step makes them anew before it reads them:
//
//   const CELL_OF: usize = memory.data(2 * THINGS, 16);        the cell of each thing, written by the game
//   const STARTS: usize = memory.data(2 * (CELLS + 2), 16);    where each cell begins in the order
//   const ORDER: usize = memory.data(2 * THINGS, 16);          the things, cell after cell
//
// All are rows of u16. The cells of one row of the map follow each other, so the things of cells a to b of that row
// are those from cellBegin(STARTS, a) to cellBegin(STARTS, b + 1) in the order.

/** The cell of a thing that is nowhere: it is left out of the order. */
export const NOWHERE: i32 = 0xffff;

/**
 * Sorts things 0 to `things` - 1 by their cell, and within a cell by their number. Answers how many there are in the order.
 * A counting sort: its time is that of the things plus that of the cells.
 */
export function sortByCell(cellOf: usize, things: i32, starts: usize, cells: i32, order: usize): i32 {
  memory.fill(starts, 0, (<usize>cells + 2) << 1);
  const cellsEnd = cellOf + ((<usize>things) << 1);
  for (let at = cellOf; at < cellsEnd; at += 2) {
    const cell = <i32>load<u16>(at);
    if (cell == NOWHERE) continue;
    assert(cell < cells, "the cell is outside the grid");
    // Two places on: the next loop turns counts into beginnings, and the last one moves each of these to its cell's end.
    const count = starts + ((<usize>cell) << 1);
    store<u16>(count, load<u16>(count, 4) + 1, 4);
  }
  let sum: u32 = 0;
  const startsEnd = starts + ((<usize>cells + 2) << 1);
  for (let at = starts; at < startsEnd; at += 2) {
    sum += load<u16>(at);
    store<u16>(at, <u16>sum);
  }
  for (let thing = 0; thing < things; thing++) {
    const cell = <usize>load<u16>(cellOf + ((<usize>thing) << 1));
    if (cell == NOWHERE) continue;
    const cursor = starts + (cell << 1);
    const place = <usize>load<u16>(cursor, 2);
    store<u16>(cursor, <u16>(place + 1), 2);
    store<u16>(order + (place << 1), <u16>thing);
  }
  return <i32>sum;
}

/** Where the things of a cell begin in the order; they end where those of the next cell begin. */
export function cellBegin(starts: usize, cell: i32): i32 {
  return <i32>load<u16>(starts + ((<usize>cell) << 1));
}
