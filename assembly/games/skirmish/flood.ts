// Fills flow fields, some tiles a frame: a flood from the goal, in which each tile learns where the water came from.
import { NO_WAY, STRAIGHT } from "./fields";
import { putU8, putU16, u8At, u16At } from "./rows";
import { BUILDINGS, FIELDS, FIRST_GOAL_FIELD, Field, MAP, ORE_FIELD, Structure, TILES } from "./rules";
import { buildingStats } from "./stats";
import { world } from "./world";

/** Tiles in one frame: a field takes less than half a second, and a frame some twenty microseconds. */
const TILES_A_FRAME = 2048;
/** From so much of a view on, in 255ths, a unit may go straight. */
const IN_VIEW = 160;
/** Steps of the goal itself: two, so that a tile two steps nearer is never mistaken for one without water, whose steps are 0. */
const SOURCE = 2;
/** A field nobody asked for in so many frames is not kept up to date. */
const FORGOTTEN_FRAMES: u32 = 2400;

export function flow(): void {
  const flood = world.flood;
  if (flood.filling == 0) start();
  if (flood.filling == 0) return;
  const goals = <i32>flood.filling - 1 >= FIRST_GOAL_FIELD;
  const field = world.fields.at(<i32>flood.filling - 1);
  for (let budget = 0; budget < TILES_A_FRAME && flood.begin < flood.end; budget++) {
    const tile = u16At(changetype<usize>(flood.queue), flood.begin);
    flood.begin++;
    settle(tile, goals, field.goalX, field.goalY);
    spread(tile);
  }
  if (flood.begin < flood.end) return;
  memory.copy(changetype<usize>(field.ways), changetype<usize>(flood.ways), TILES / 2);
  field.state = Field.Ready;
  flood.filling = 0;
}

/** The field that waits longest; when none waits, one that no longer fits the map. */
function start(): void {
  let chosen = FIELDS;
  let longest: u32 = 0;
  for (let index = 0; index < FIELDS; index++) {
    const field = world.fields.at(index);
    const waited = world.frame - field.asked;
    if (field.state == Field.Free) continue;
    // Who waits for its first flood comes before all that only wait to be renewed.
    const claim: u32 = field.state == Field.Waiting ? waited + 0x80000000 : renewal(index, field.stale, waited);
    if (claim == 0 || claim <= longest) continue;
    longest = claim;
    chosen = index;
  }
  if (chosen < FIELDS) begin(chosen);
}

function renewal(index: i32, stale: u8, waited: u32): u32 {
  if (stale == 0 || (index >= FIRST_GOAL_FIELD && waited > FORGOTTEN_FRAMES)) return 0;
  return waited + 1;
}

function begin(index: i32): void {
  const flood = world.flood;
  const field = world.fields.at(index);
  field.stale = 0;
  flood.filling = <u8>(index + 1);
  flood.begin = 0;
  flood.end = 0;
  memory.fill(changetype<usize>(flood.steps), 0, TILES * 2);
  memory.fill(changetype<usize>(flood.view), 0, TILES);
  memory.fill(changetype<usize>(flood.ways), 0xff, TILES / 2);
  if (index == ORE_FIELD) startAtOre();
  else if (index < ORE_FIELD) startAtBases(index);
  else enter(<i32>field.goalY * MAP + field.goalX, SOURCE);
  if (index >= FIRST_GOAL_FIELD) return;
  // These are kept up to date in turn: the one asked for last waits longest for its next flood.
  field.asked = world.frame;
}

function startAtOre(): void {
  const ore = changetype<usize>(world.land.ore);
  for (let tile = 0; tile < TILES; tile++) if (u8At(ore, tile) != 0) enter(tile, SOURCE);
}

function startAtBases(seat: i32): void {
  for (let index = 0; index < BUILDINGS; index++) {
    const building = world.buildings.at(index);
    if (building.kind != Structure.Base || <i32>building.owner != seat || building.unbuilt != 0) continue;
    const size = <i32>buildingStats(Structure.Base).size;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) enter((<i32>building.tileY + y) * MAP + building.tileX + x, SOURCE);
    }
  }
}

function enter(tile: i32, steps: i32): void {
  const flood = world.flood;
  putU16(changetype<usize>(flood.steps), tile, steps);
  putU16(changetype<usize>(flood.queue), flood.end, tile);
  flood.end++;
}

/** The map's edge is rock all around, so that every tile the flood reaches has four neighbours. */
function spread(tile: i32): void {
  const steps = u16At(changetype<usize>(world.flood.steps), tile) + 1;
  wet(tile + 1, steps);
  wet(tile + MAP, steps);
  wet(tile - 1, steps);
  wet(tile - MAP, steps);
}

function wet(tile: i32, steps: i32): void {
  if (u16At(changetype<usize>(world.flood.steps), tile) != 0 || u8At(changetype<usize>(world.land.wall), tile) != 0)
    return;
  enter(tile, steps);
}

/** Writes down the way from a tile. All tiles nearer to the goal have been settled before. */
function settle(tile: i32, goals: bool, goalX: i32, goalY: i32): void {
  const flood = world.flood;
  const steps = u16At(changetype<usize>(flood.steps), tile);
  if (goals && look(tile, steps, goalX, goalY) >= IN_VIEW) {
    write(tile, STRAIGHT);
    return;
  }
  if (steps == SOURCE) {
    write(tile, STRAIGHT);
    return;
  }
  // Across a corner where both sides are open, which saves two steps at once; else along a side.
  for (let way = 1; way < 8; way += 2) {
    if (u16At(changetype<usize>(flood.steps), beside(tile, way)) == steps - 2 && open(tile, way)) {
      write(tile, way);
      return;
    }
  }
  for (let way = 0; way < 8; way += 2) {
    if (u16At(changetype<usize>(flood.steps), beside(tile, way)) == steps - 1) {
      write(tile, way);
      return;
    }
  }
  write(tile, NO_WAY);
}

/** How much of the goal a tile has in view: what its two neighbours on the line there have, each in its share. */
function look(tile: i32, steps: i32, goalX: i32, goalY: i32): i32 {
  const views = changetype<usize>(world.flood.view);
  let view = 255;
  if (steps > SOURCE) {
    const dx = goalX - (tile & (MAP - 1));
    const dy = goalY - tile / MAP;
    const wide = abs<i32>(dx);
    const high = abs<i32>(dy);
    const east = dx > 0 ? 1 : -1;
    const south = dy > 0 ? MAP : -MAP;
    const long = max<i32>(wide, high);
    const short = min<i32>(wide, high);
    const along = u8At(views, tile + (wide > high ? east : south));
    const across = short == 0 ? 0 : u8At(views, tile + east + south);
    view = (along * (long - short) + across * short) / long;
  }
  putU8(views, tile, view);
  return view;
}

function beside(tile: i32, way: i32): i32 {
  return tile + <i32>load<i16>(BESIDE + ((<usize>way) << 1));
}

const BESIDE: usize = memory.data<i16>([1, 129, 128, 127, -1, -129, -128, -127]);

/** Whether both tiles beside a corner can be walked. */
function open(tile: i32, way: i32): bool {
  const wall = changetype<usize>(world.land.wall);
  return u8At(wall, beside(tile, way - 1)) == 0 && u8At(wall, beside(tile, (way + 1) & 7)) == 0;
}

function write(tile: i32, way: i32): void {
  const at = changetype<usize>(world.flood.ways) + <usize>(tile >> 1);
  const shift = (tile & 1) << 2;
  store<u8>(at, <u8>((<i32>load<u8>(at) & ~(15 << shift)) | (way << shift)));
}
