// What everybody begins with: a base with workers, an army where one is asked for, or a field of battle.
import { configOf } from "../../sdk";
import { openCommonFields } from "./fields";
import { homeTile, makeLand } from "./land";
import { Rules } from "./outside";
import { Kind, MAP, Order, SEATS, Structure, TILE, UNITS } from "./rules";
import { found } from "./structures";
import { raise } from "./units";
import { sendToOre } from "./workers";
import { world } from "./world";

const WORKERS = 12;
const ORE = 400;
/** Between neighbours of an army, a little more than they keep by themselves. */
const RANK = 184;
/** How far the blocks of a battle stand from the middle: as far as they are wide, and a little more, as long as the map is. */
const FRONT_MAX = 33 * TILE;
const NO_MANS_LAND = 4 * TILE;
const MIDDLE = (MAP * TILE) / 2;
const EDGE = 2 * TILE;

export function setUp(): void {
  makeLand();
  openCommonFields();
  const rules = configOf<Rules>();
  const players = <i32>world.players;
  const turn = <i32>world.random.below(SEATS);
  for (let seat = 0; seat < players; seat++) {
    const me = world.seats.at(seat);
    me.alive = 1;
    me.here = 1;
    if (rules.battle != 0) lineUp(seat, (seat * SEATS) / players, rules.army);
    else settle(seat, homeTile((seat * SEATS) / players + turn));
  }
}

/** A base in the middle of this tile, workers around it, and the army towards the middle of the map. */
function settle(seat: i32, tile: i32): void {
  const rules = configOf<Rules>();
  const me = world.seats.at(seat);
  const tileX = tile & (MAP - 1);
  const tileY = tile / MAP;
  me.ore = rules.ore == 0 ? ORE : <i32>rules.ore;
  me.homeX = <u8>tileX;
  me.homeY = <u8>tileY;
  found(Structure.Base, seat, tileX - 2, tileY - 2, 0);
  const workers: i32 = rules.workers == 0 ? WORKERS : rules.workers;
  for (let index = 0; index < workers && hasPlace(); index++) {
    const side = (index & 1) * 2 - 1;
    const x = tileX * TILE + side * (2 * TILE + 100);
    const y = tileY * TILE + ((index >> 1) & 7) * 160 - 560;
    sendToOre(raise(Kind.Worker, seat, x, y));
  }
  const towardsX = tileX < MAP / 2 ? 1 : -1;
  const towardsY = tileY < MAP / 2 ? 1 : -1;
  drawUp(seat, (tileX + 7 * towardsX) * TILE, (tileY + 7 * towardsY) * TILE, rules.army);
}

/** Blocks around the middle, each marching to where the middle is as wide as it is. */
function lineUp(seat: i32, place: i32, army: i32): void {
  const first = <i32>world.unitsEnd;
  const front = min<i32>(widthOf(army) * RANK + NO_MANS_LAND, FRONT_MAX);
  const aside = front * eighthX(place);
  const down = front * eighthX(place + 6);
  drawUp(seat, MIDDLE + aside, MIDDLE + down, army);
  const units = world.units;
  for (let unit = first; unit < <i32>world.unitsEnd; unit++) {
    units.order.set(unit, <u8>Order.Advance);
    units.goalX.set(unit, <i16>inside(<i32>units.x.get(unit) - aside));
    units.goalY.set(unit, <i16>inside(<i32>units.y.get(unit) - down));
  }
}

/** Where the eight places around a square lie to the left or right of its middle: 1, 1, 0, -1, -1, -1, 0, 1. */
function eighthX(place: i32): i32 {
  const eighth = place & 7;
  if (eighth == 2 || eighth == 6) return 0;
  return eighth > 2 && eighth < 6 ? -1 : 1;
}

/** A square block of fighters of all kinds, cut off at the edge of the map. */
function drawUp(seat: i32, middleX: i32, middleY: i32, army: i32): void {
  const width = widthOf(army);
  for (let index = 0; index < army && hasPlace(); index++) {
    const x = middleX + ((index % width) * 2 - width + 1) * (RANK / 2);
    const y = middleY + ((index / width) * 2 - width + 1) * (RANK / 2);
    raise(kindOf(index), seat, inside(x), inside(y));
  }
}

/** Files of a block. */
function widthOf(army: i32): i32 {
  let width = 1;
  while (width * width < army) width++;
  return width;
}

function kindOf(index: i32): Kind {
  if (index % 16 == 15) return Kind.Ram;
  const third = index % 3;
  return third == 0 ? Kind.Pike : third == 1 ? Kind.Bow : Kind.Rider;
}

function inside(at: i32): i32 {
  return min<i32>(max<i32>(at, EDGE), MAP * TILE - EDGE);
}

function hasPlace(): bool {
  return <i32>world.unitsEnd < UNITS;
}
