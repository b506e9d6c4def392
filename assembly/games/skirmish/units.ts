// Units come and go: births beside a building or on the field, and what is left to do when one dies.
import { emit } from "../../sdk";
import { Born, Death } from "./events";
import { i16At, u8At } from "./rows";
import { ARMY_MAX, Kind, MAP, NO_FIELD, NOBODY, Order, TILE, UNITS } from "./rules";
import { buildingStats, unitStats } from "./stats";
import { Building, world } from "./world";

/** Deaths told in one frame; the others are counted like all, and not heard. */
const DEATHS_TOLD = 40;

/** Whether the seat may have another unit, in the match and of its own. */
export function hasRoom(seat: i32): bool {
  return <i32>world.seats.at(seat).units < ARMY_MAX && freePlace() < UNITS;
}

function freePlace(): i32 {
  const kinds = changetype<usize>(world.units.kind);
  let place = <i32>world.freeUnit;
  while (place < UNITS && u8At(kinds, place) != Kind.None) place++;
  world.freeUnit = <u16>place;
  return place;
}

/** A new unit, whose post is where it stands. There is room for it. */
export function raise(kind: Kind, owner: i32, x: i32, y: i32): i32 {
  const units = world.units;
  const unit = freePlace();
  units.kind.set(unit, <u8>kind);
  units.owner.set(unit, <u8>owner);
  units.x.set(unit, <i16>x);
  units.y.set(unit, <i16>y);
  units.vx.set(unit, 0);
  units.vy.set(unit, 0);
  units.health.set(unit, unitStats(kind).health);
  units.goalX.set(unit, <i16>x);
  units.goalY.set(unit, <i16>y);
  units.target.set(unit, <u16>NOBODY);
  units.work.set(unit, 0);
  units.order.set(unit, <u8>Order.Idle);
  units.cool.set(unit, 0);
  units.field.set(unit, <u8>NO_FIELD);
  units.groups.set(unit, 0);
  units.load.set(unit, 0);
  units.stuck.set(unit, 0);
  if (unit >= <i32>world.unitsEnd) world.unitsEnd = <u16>(unit + 1);
  const seat = world.seats.at(owner);
  seat.units++;
  if (kind == Kind.Worker) seat.workers++;
  return unit;
}

/** A new unit on the free tile around the building that is nearest to its rally point, heard of or not; UNITS when there is none. */
export function raiseBeside(building: Building, kind: Kind, told: bool): i32 {
  const tile = doorOf(building);
  if (tile == 0) return UNITS;
  const random = world.random;
  const x = (tile & (MAP - 1)) * TILE + random.between(64, TILE - 64);
  const y = (tile / MAP) * TILE + random.between(64, TILE - 64);
  const unit = raise(kind, building.owner, x, y);
  if (!told) return unit;
  const born = emit<Born>();
  born.x = <i16>x;
  born.y = <i16>y;
  born.kind = <u8>kind;
  born.owner = building.owner;
  return unit;
}

/** 0, which is rock, when everything around is walled up. */
function doorOf(building: Building): i32 {
  const size = <i32>buildingStats(building.kind).size;
  const left = <i32>building.tileX - 1;
  const top = <i32>building.tileY - 1;
  let door = 0;
  let least = i32.MAX_VALUE;
  for (let y = top; y <= top + size + 1; y++) {
    for (let x = left; x <= left + size + 1; x++) {
      const tile = y * MAP + x;
      if (world.land.wall.get(tile) != 0) continue;
      const far = abs<i32>(x * TILE + TILE / 2 - building.rallyX) + abs<i32>(y * TILE + TILE / 2 - building.rallyY);
      if (far >= least) continue;
      least = far;
      door = tile;
    }
  }
  return door;
}

/** Takes away who has no health left, eight looked at together. */
export function bury(): void {
  const kinds = changetype<usize>(world.units.kind);
  const healths = changetype<usize>(world.units.health);
  const end = <i32>world.unitsEnd;
  const zero = i16x8.splat(0);
  let told = 0;
  for (let unit = 0; unit < end; unit += 8) {
    const fallen = i16x8.le_s(v128.load(healths + ((<usize>unit) << 1)), zero);
    const there = i16x8.ne(v128.load_ext<u8>(kinds + <usize>unit), zero);
    if (!v128.any_true(v128.and(fallen, there))) continue;
    for (let each = unit; each < unit + 8; each++) {
      if (u8At(kinds, each) == Kind.None || i16At(healths, each) > 0) continue;
      if (told++ < DEATHS_TOLD) tell(each);
      remove(each);
    }
  }
  let last = end;
  while (last > 0 && u8At(kinds, last - 1) == Kind.None) last--;
  world.unitsEnd = <u16>last;
}

function tell(unit: i32): void {
  const death = emit<Death>();
  death.x = world.units.x.get(unit);
  death.y = world.units.y.get(unit);
  death.kind = world.units.kind.get(unit);
  death.owner = world.units.owner.get(unit);
}

function remove(unit: i32): void {
  const units = world.units;
  const seat = world.seats.at(units.owner.get(unit));
  seat.units--;
  seat.lost++;
  if (units.kind.get(unit) == Kind.Worker) seat.workers--;
  units.kind.set(unit, <u8>Kind.None);
  units.groups.set(unit, 0);
  if (unit < <i32>world.freeUnit) world.freeUnit = <u16>unit;
}
