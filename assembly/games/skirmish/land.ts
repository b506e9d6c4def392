// The map of a match, made from its seed: the same eight-fold figure around every player, so that nobody begins better.
import { configOf } from "../../sdk";
import { Rules } from "./outside";
import { MAP, SEATS, Terrain } from "./rules";
import { world } from "./world";

/** One eighth of the map is drawn, and the others are its images. In it lie the base, the ore and the obstacles. */
const HALF = MAP / 2;
const BASE_X = 40;
const BASE_Y = 15;
/** Around a base and its ore the ground stays open. */
const BASE_ROOM = 14;
const CHAINS = 9;
const TRIES = 60;
/** Between two chains of rocks there is always a way so wide. */
const GAP = 4;

/** Middles and radii of the fields of ore, and the loads in each of their tiles. */
// biome-ignore format: a table is read in columns.
const ORE: usize = memory.data<i16>([
  // x,  y, radius, loads
    31,  9,      3,    90, // beside each base
    48, 22,      3,    80, // on the way to the middle
    60,  9,      4,    90, // between two neighbours
    17, 13,      3,    90, // in the corners
    52, 40,      4,   120, // around the middle
    63, 63,      4,   160, // the middle
]);
const ORES = 6;

export function makeLand(): void {
  const land = world.land;
  for (let y = 0; y < MAP; y++) {
    for (let x = 0; x < MAP; x++) {
      const edge = x == 0 || y == 0 || x == MAP - 1 || y == MAP - 1;
      land.terrain.set(y * MAP + x, <u8>(edge ? Terrain.Rock : Terrain.Ground));
    }
  }
  for (let ore = 0; ore < ORES; ore++) {
    const row = ORE + <usize>(ore * 8);
    dig(load<i16>(row), load<i16>(row, 2), load<i16>(row, 4), load<i16>(row, 6));
  }
  const rules = configOf<Rules>();
  if (rules.open == 0 && rules.battle == 0) for (let chain = 0; chain < CHAINS; chain++) raise();
  for (let tile = 0; tile < MAP * MAP; tile++) land.wall.set(tile, land.terrain.get(tile) != Terrain.Ground ? 1 : 0);
}

function isNear(x: i32, y: i32, centreX: i32, centreY: i32, radius: i32): bool {
  const dx = x - centreX;
  const dy = y - centreY;
  return dx * dx + dy * dy <= radius * radius + radius;
}

function dig(centreX: i32, centreY: i32, radius: i32, loads: i32): void {
  for (let y = centreY - radius; y <= centreY + radius; y++) {
    for (let x = centreX - radius; x <= centreX + radius; x++) {
      if (!isNear(x, y, centreX, centreY, radius)) continue;
      for (let image = 0; image < SEATS; image++) world.land.ore.set(imageOf(x, y, image), <u8>loads);
    }
  }
}

/** The tile that a tile of the first eighth becomes in one of the eight images. */
function imageOf(x: i32, y: i32, image: i32): i32 {
  const swapped = (image & 4) != 0;
  const column = swapped ? y : x;
  const row = swapped ? x : y;
  return ((image & 2) != 0 ? MAP - 1 - row : row) * MAP + ((image & 1) != 0 ? MAP - 1 - column : column);
}

/** A chain of rocks or a pond: some discs in a row. Given up when nowhere there is room. */
function raise(): void {
  const random = world.random;
  for (let tries = 0; tries < TRIES; tries++) {
    const x = random.between(6, HALF);
    const y = random.between(4, HALF);
    const stepX = random.between(-2, 2);
    const stepY = random.between(-2, 2);
    const discs = random.between(1, 5);
    const radius = random.between(1, 3);
    const terrain = random.below(3) == 0 ? Terrain.Water : Terrain.Rock;
    if (!isRoomFor(x, y, stepX, stepY, discs, radius)) continue;
    for (let disc = 0; disc < discs; disc++) fill(x + disc * stepX, y + disc * stepY, radius, terrain);
    return;
  }
}

function isRoomFor(x: i32, y: i32, stepX: i32, stepY: i32, discs: i32, radius: i32): bool {
  for (let disc = 0; disc < discs; disc++) if (!isFree(x + disc * stepX, y + disc * stepY, radius)) return false;
  return true;
}

/** In its own eighth, away from the bases, from ore, and from all that was raised before. */
function isFree(x: i32, y: i32, radius: i32): bool {
  // The images of a chain would shut the diagonals and the axes, so it keeps half a gap from them.
  const reach = radius + GAP / 2;
  if (x < reach || y < reach || x + reach >= HALF || y + reach >= x) return false;
  if (isNear(x, y, BASE_X, BASE_Y, BASE_ROOM)) return false;
  const land = world.land;
  const wide = radius + GAP;
  for (let row = y - wide; row <= y + wide; row++) {
    for (let column = x - wide; column <= x + wide; column++) {
      if (column < 1 || row < 1 || !isNear(column, row, x, y, wide)) continue;
      const tile = row * MAP + column;
      if (land.terrain.get(tile) != Terrain.Ground || land.ore.get(tile) != 0) return false;
    }
  }
  return true;
}

function fill(centreX: i32, centreY: i32, radius: i32, terrain: Terrain): void {
  for (let y = centreY - radius; y <= centreY + radius; y++) {
    for (let x = centreX - radius; x <= centreX + radius; x++) {
      if (!isNear(x, y, centreX, centreY, radius)) continue;
      for (let image = 0; image < SEATS; image++) world.land.terrain.set(imageOf(x, y, image), <u8>terrain);
    }
  }
}

/** Where the base of a seat stands, in the middle: the eight images in the order in which they lie around the map. */
export function homeTile(image: i32): i32 {
  return imageOf(BASE_X, BASE_Y, <i32>load<u8>(AROUND + <usize>(image & 7)));
}

// Clockwise from the left of the upper edge.
const AROUND: usize = memory.data<u8>([0, 1, 5, 7, 3, 2, 6, 4]);
